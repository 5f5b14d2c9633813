"""The model pronunciation: voices that say a text well, and where its words and phones lie."""
