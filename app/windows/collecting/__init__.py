"""The dialogs by which readings and learners come in: hand-ins, folders of recordings, rosters."""
