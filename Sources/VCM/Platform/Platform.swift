/// The machine that an engine models: its memory types and the devices it starts with.
public struct Platform: Hashable, Sendable {
  /// The platform's name, such as `video-soc`.
  public var name: String

  /// The memory types, in the order of their priority.
  ///
  /// At least one.
  public var memoryTypes: [MemoryTypeDescription]

  /// The devices that exist from the start, in the order in which they are made.
  public var devices: [DeviceDescription]

  /// Makes a platform.
  ///
  /// Nothing is checked before an engine is made of it.
  public init(name: String, memoryTypes: [MemoryTypeDescription], devices: [DeviceDescription]) {
    self.name = name
    self.memoryTypes = memoryTypes
    self.devices = devices
  }
}

extension Platform {
  /// The platform that is used when no other is given: a system on a chip that plays videos.
  ///
  /// Two pools of memory, one for page tables, two devices behind IOMMUs of different formats, a DMA engine
  /// that has none, one processor, and a bridge that translates a window only.
  public static let `default` = Platform(
    name: "video-soc",
    memoryTypes: [
      MemoryTypeDescription(
        name: "mt0", base: 0x8000_0000, size: 256 << 20, chunkSizes: [1 << 20, 64 << 10, 4 << 10]),
      MemoryTypeDescription(name: "mt1", base: 0x9000_0000, size: 64 << 20, isContiguous: true),
      MemoryTypeDescription(name: "tables", base: 0x9400_0000, size: 64 << 20, holdsTables: true),
    ],
    devices: [
      DeviceDescription(name: "video_dec", kind: .iommu, format: "msm-smmu"),
      DeviceDescription(name: "display", kind: .iommu, format: "omap-iommu"),
      DeviceDescription(name: "dma", kind: .oneToOne),
      DeviceDescription(name: "cpu0", kind: .cpu, format: "arm-v7s"),
      DeviceDescription(
        name: "pci0", kind: .iommu, format: "alpha-sg",
        window: DeviceWindow(base: 0x4000_0000, size: 128 << 20)),
    ])
}
