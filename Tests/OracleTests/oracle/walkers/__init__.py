"""One module per machine whose MMU or IOMMU walks our tables."""
