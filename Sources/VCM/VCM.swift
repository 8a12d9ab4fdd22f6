// The room of VCM.
