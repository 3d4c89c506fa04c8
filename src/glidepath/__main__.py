"""`python -m glidepath`: the same as the `glidepath` command."""

from glidepath.cli.main import run

if __name__ == "__main__":
    run()
