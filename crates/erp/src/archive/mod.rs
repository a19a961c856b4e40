//! What is old moves out of the way, and stays readable: documents older than a setting go to archive tables.
