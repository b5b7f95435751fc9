"""Text to sound: a synthesiser as a program of its own, one level for all, files written whole."""
