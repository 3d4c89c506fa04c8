"""Who signed what. Software proposes; a named clinician signs."""
