"""Draws the sound of a reading: waveform, spectrogram, pitch and loudness over the same time."""
