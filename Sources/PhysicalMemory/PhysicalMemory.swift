// The room of PhysicalMemory.
