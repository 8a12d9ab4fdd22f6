// The room of StateTree.
