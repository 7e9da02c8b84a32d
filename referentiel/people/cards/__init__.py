"""What is held in the hand: cards, return words, the accounts they open and the seats they take."""
