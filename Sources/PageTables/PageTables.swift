// The room of PageTables.
