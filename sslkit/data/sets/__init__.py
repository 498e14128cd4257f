"""Data sets by name: carried by packages, made from what packages carry and kept (spoken words, notes of instruments),
or read and, if asked to, downloaded by torchvision and torchaudio.
"""
