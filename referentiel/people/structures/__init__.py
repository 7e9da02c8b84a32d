"""Where people come from: structures, territories, the bodies of the network."""
