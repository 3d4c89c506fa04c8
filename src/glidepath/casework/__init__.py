"""One function per thing a person asks: read, convert, plan, sign, and the files they get."""
