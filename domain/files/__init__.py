"""Uploaded files: what one is (`file_types`), where it lies (`uploads`), what it hangs on (`attachments`)."""
