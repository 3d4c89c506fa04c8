"""One plan, many faces: documents, tables, pages, pictures and calendars, each read back to the plan."""
