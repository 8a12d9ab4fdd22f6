// The room of FUSEKit.
