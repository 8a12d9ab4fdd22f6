import PageTables
import Testing
import VCM

@testable import vcmfs

/// What a platform file that is right becomes.
@Suite("Platform file")
struct PlatformFileTests {
  static let formats = ["msm-smmu", "omap-iommu", "arm-v7s", "alpha-sg", "intel-vtd", "hp-zx1"]

  static func parse(_ text: String) throws -> Platform {
    try PlatformFile(path: "p.yaml", formats: formats).parse(text)
  }

  /// The example of the documentation, which is the built-in platform.
  static let example = """
    name: video-soc
    memory:                      # memory types
      mt0:    {base: 0x80000000, size: 256M, chunks: [1M, 64K, 4K]}
      mt1:    {base: 0x90000000, size: 64M, contiguous: true}
      tables: {base: 0x94000000, size: 64M, tables: true}
    devices:
      video_dec: {type: iommu, format: msm-smmu}
      display:   {type: iommu, format: omap-iommu}
      dma:       {type: one-to-one}
      cpu0:      {type: cpu, format: arm-v7s}
      pci0:      {type: iommu, format: alpha-sg, window: {base: 0x40000000, size: 128M}}
    """

  @Test("the built-in platform, written down, is the built-in platform")
  func builtIn() throws {
    #expect(try Self.parse(Self.example) == Platform.default)
  }

  @Test("JSON is YAML, on one line or with Windows line ends")
  func json() throws {
    let text =
      #"{"name": "j", "memory": {"m": {"base": 0, "size": "1G"}}, "devices": {"d": {"type": "cpu"}}}"#
    let platform = try Self.parse(text)
    #expect(platform.memoryTypes.map(\.size) == [1 << 30])
    #expect(try Self.parse(text.split(separator: " ").joined(separator: "\r\n ")) == platform)
    #expect(try Self.parse("\u{FEFF}" + text) == platform)
  }

  @Test("memory types and devices keep the order of the file")
  func order() throws {
    let names = ["z", "a", "m", "b", "y", "c"]
    let memory = names.enumerated().map { "  \($1): {base: \($0)G, size: 1M}\n" }.joined()
    let devices = names.reversed().map { "  \($0): {type: cpu}\n" }.joined()
    let platform = try Self.parse("memory:\n\(memory)devices:\n\(devices)")
    #expect(platform.memoryTypes.map(\.name) == names)
    #expect(platform.devices.map(\.name) == names.reversed())
    #expect(platform.name == "unnamed")
  }

  @Test("everything that a description can say")
  func everything() throws {
    let platform = try Self.parse(
      """
      name: everything
      memory:
        far: {base: 4T, size: 0x2000, file_offset: 1M, chunks: [4K, 1G, 64KiB], contiguous: no, tables: yes}
      devices:
        pci0: {type: iommu, format: alpha-sg, window: {base: 0x40000000, size: 128M}}
        nic: {type: iommu, format: intel-vtd, levels: 3, requester: 0x10, root: scalable}
        disk: {type: iommu, format: hp-zx1, granule: 16K}
      """)
    #expect(
      platform.memoryTypes == [
        MemoryTypeDescription(
          name: "far", base: 4 << 40, size: 8192, fileOffset: 1 << 20, chunkSizes: [1 << 30, 65536, 4096],
          isContiguous: false, holdsTables: true)
      ])
    #expect(
      platform.devices == [
        DeviceDescription(
          name: "pci0", kind: .iommu, format: "alpha-sg", window: DeviceWindow(base: 1 << 30, size: 128 << 20)
        ),
        DeviceDescription(
          name: "nic", kind: .iommu, format: "intel-vtd", levels: 3, requester: 0x10, root: .scalable),
        DeviceDescription(name: "disk", kind: .iommu, format: "hp-zx1", granuleLog2: 14),
      ])
  }

  @Test("memory may end with the last byte of 64 bits, in a file of its own place")
  func topOfAddressSpace() throws {
    let platform = try Self.parse(
      "memory:\n  low: {base: 0, size: 4K}\n"
        + "  top: {base: 0xfffffffffffff000, size: 4K, file_offset: 4K}\n")
    #expect(platform.memoryTypes.map(\.base) == [0, 0xffff_ffff_ffff_f000])
  }

  @Test("a platform without devices, and with an empty list of them")
  func noDevices() throws {
    #expect(try Self.parse("memory: {m: {base: 0, size: 4K}}").devices.isEmpty)
    #expect(try Self.parse("memory: {m: {base: 0, size: 4K}}\ndevices:\n").devices.isEmpty)
  }

  @Test("the summary of `vcmfs check`")
  func summary() throws {
    #expect(
      try Self.parse(Self.example).summary == """
        platform video-soc
        memory mt0 0x80000000 268435456 bytes
        memory mt1 0x90000000 67108864 bytes contiguous
        memory tables 0x94000000 67108864 bytes tables
        device video_dec iommu msm-smmu
        device display iommu omap-iommu
        device dma one-to-one
        device cpu0 cpu arm-v7s
        device pci0 iommu alpha-sg window 0x40000000 134217728 bytes
        """)
  }
}
