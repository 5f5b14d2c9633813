"""The desktop application's windows; the only part of Elocute, beside the system's voice, that knows Qt."""
