"""The shared referential: a text written together, versioned in Git, published in sealed editions."""
