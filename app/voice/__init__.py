"""The model pronunciation: voices that say a text as it should be read, and where each word and phone lies."""
