"""What is done with the library as a whole: backups, archives, deleting learners."""
