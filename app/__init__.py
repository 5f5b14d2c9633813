"""The desktop application and the `elocute` command."""
