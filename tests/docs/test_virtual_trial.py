"""The how-to on virtual trials shows what the command prints, on the trial that it shows."""

from __future__ import annotations

from pathlib import Path

from tests.docs.consoles import agrees, blocks, run, shown_commands

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "how-to" / "run-a-virtual-trial.md").read_text(encoding="utf-8")


def test_every_command_prints_what_the_page_shows(tmp_path: Path) -> None:
    (tmp_path / "trial.yaml").write_text(blocks(PAGE, "yaml")[0], encoding="utf-8")
    shown = shown_commands(PAGE)
    assert len(shown) == 1
    for step in shown:
        printed = run(step.command, tmp_path)
        assert agrees(step.output, printed), "\n".join([f"$ {step.command}", *printed])
    assert (tmp_path / "report" / "trial.html").is_file()
