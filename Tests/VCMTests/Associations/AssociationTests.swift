import PageTables
import Testing

@testable import VCM

@Suite("Associations")
struct AssociationTests {
  @Test("vcm_assoc: the same device twice is EEXIST")
  func twice() throws {
    let bench = try Bench()
    let region = try bench.region(devices: ["video_dec"], active: false)
    let device = try bench.device("video_dec")
    expectFailure(.alreadyAssociated, 17, naming: "video_dec") { () throws(VCMError) in
      try bench.engine.associate(region, with: device)
    }
    #expect(region.associations.count == 1 && device.associations.count == 1)
  }

  @Test("vcm_assoc: an address range that the format cannot translate is ERANGE")
  func tooWide() throws {
    let bench = try Bench()
    let device = try bench.device("video_dec")
    let region = try bench.engine.createRegion(named: "wide", start: 1 << 31, length: 4 << 30)
    expectFailure(.addressTooWide, 34, naming: "msm-smmu", "video_dec") { () throws(VCMError) in
      try bench.engine.associate(region, with: device)
    }
    #expect(!region.isInUse)
  }

  @Test("vcm_assoc: a region that only the upper half holds has the high base, with the smallest split")
  func upperHalf() throws {
    let bench = try Bench()
    let device = try bench.engine.addDevice(named: "gpu", format: "arm64-4k")
    let shapes: [(UInt64, UInt64, AssociationAttributes)] = [
      (1 << 30, 1 << 30, AssociationAttributes()),
      (0xFFFF_0000_0000_0000, 1 << 48, AssociationAttributes(base: .high, split: 16)),
      (0xFFFF_FFFF_FFE0_0000, 1 << 21, AssociationAttributes(base: .high, split: 16)),
    ]
    for (start, length, attributes) in shapes {
      let region = try bench.engine.createRegion(named: "half", start: start, length: length)
      let association = try bench.engine.associate(region, with: device)
      #expect(association.attributes == attributes)
      try bench.engine.activate(association)
      try bench.engine.deactivate(association)
      try bench.engine.dissociate(association)
      try bench.engine.freeRegion(region)
    }
    let between = try bench.engine.createRegion(named: "between", start: 1 << 48, length: 1 << 30)
    expectFailure(.addressTooWide, 34, naming: "48 bits") { () throws(VCMError) in
      try bench.engine.associate(between, with: device)
    }
    bench.expectSound()
  }

  @Test("a region beyond three levels gets a table with as many as it needs, unless the device says how many")
  func levelsForTheRegion() throws {
    let bench = try Bench()
    let device = try bench.engine.addDevice(named: "nic", format: "amd-v1")
    let shapes: [(UInt64, UInt64, String)] = [
      (0, 1 << 32, "3"), (1 << 39 - 4096, 4096, "3"), (1 << 39, 4096, "4"), (0, 1 << 48, "4"),
      (1 << 48, 4096, "5"),
      (0xFFFF_FFFF_FFFF_F000, 4096, "6"),
    ]
    for (start, length, levels) in shapes {
      let region = try bench.engine.createRegion(named: "far", start: start, length: length)
      let association = try bench.engine.associate(region, with: device)
      try bench.engine.activate(association)
      let lines = try #require(association.table).root.lines
      #expect(lines.first { $0.key == "levels" }?.value == levels, "\(start)")
      try bench.engine.deactivate(association)
      try bench.engine.dissociate(association)
      try bench.engine.freeRegion(region)
    }
    let narrow = try bench.engine.addDevice(
      named: "old", format: "amd-v1", configuration: TableConfiguration(levels: 3))
    let region = try bench.engine.createRegion(named: "far", start: 1 << 39, length: 4096)
    expectFailure(.addressTooWide, 34, naming: "39 bits") { () throws(VCMError) in
      try bench.engine.associate(region, with: narrow)
    }
    bench.expectSound()
  }

  @Test("vcm_deassoc: EBUSY while active, ENOENT afterwards")
  func dissociate() throws {
    let bench = try Bench()
    let region = try bench.region(devices: ["video_dec"])
    let association = try #require(region.associations.first)
    expectFailure(.activeAssociation, 16) { () throws(VCMError) in
      try bench.engine.dissociate(association)
    }
    try bench.engine.deactivate(association)
    try bench.engine.dissociate(association)
    #expect(region.associations.isEmpty && association.device.associations.isEmpty)
    expectFailure(.noSuchObject, 2) { () throws(VCMError) in try bench.engine.dissociate(association) }
    expectFailure(.noSuchObject, 2) { () throws(VCMError) in try bench.engine.activate(association) }
    bench.expectSound()
  }

  @Test("vcm_set_assoc_attr: EBUSY while active; what the format has not is EINVAL")
  func attributes() throws {
    let bench = try Bench()
    let region = try bench.region(devices: ["display"], active: false)
    let association = try #require(region.associations.first)
    expectFailure(.invalidAttribute, 22, naming: "omap-iommu") { () throws(VCMError) in
      try bench.engine.setAttributes(AssociationAttributes(base: .high, split: 2), of: association)
    }
    try bench.engine.setAttributes(AssociationAttributes(), of: association)
    try bench.engine.activate(association)
    expectFailure(.activeAssociation, 16) { () throws(VCMError) in
      try bench.engine.setAttributes(AssociationAttributes(split: 1), of: association)
    }
  }

  @Test("vcm_activate: EBUSY if active already, or if the device walks another region's table")
  func activate() throws {
    let bench = try Bench()
    let first = try bench.region("first", devices: ["video_dec"])
    let second = try bench.region("second", devices: ["video_dec"], active: false)
    expectFailure(.alreadyActive, 16, naming: "first") { () throws(VCMError) in
      try bench.engine.activate(first.associations[0])
    }
    expectFailure(.deviceTaken, 16, naming: "first", "video_dec") { () throws(VCMError) in
      try bench.engine.activate(second.associations[0])
    }
    #expect(second.tables.isEmpty)
    try bench.engine.deactivate(first.associations[0])
    try bench.engine.activate(second.associations[0])
    bench.expectSound()
  }

  @Test("vcm_activate: ENODEV for a device without a format")
  func noFormat() throws {
    let bench = try Bench()
    let device = try bench.engine.addDevice(named: "new")
    let region = try bench.region()
    let association = try bench.engine.associate(region, with: device)
    expectFailure(.noDevice, 19, naming: "new") { () throws(VCMError) in
      try bench.engine.activate(association)
    }
    expectFailure(.inUse, 16) { () throws(VCMError) in try bench.engine.setFormat("msm-smmu", of: device) }
    try bench.engine.dissociate(association)
    try bench.engine.setFormat("msm-smmu", of: device)
    expectFailure(.noSuchFormat, 22, naming: "nonsense", "msm-smmu") { () throws(VCMError) in
      try bench.engine.setFormat("nonsense", of: device)
    }
  }

  @Test("vcm_deactivate: ENOENT if not active")
  func deactivate() throws {
    let bench = try Bench()
    let region = try bench.region(devices: ["video_dec"], active: false)
    expectFailure(.notActive, 2, naming: "video_dec") { () throws(VCMError) in
      try bench.engine.deactivate(region.associations[0])
    }
  }

  @Test("one table per region, format and attributes, shared by those that agree")
  func sharing() throws {
    let bench = try Bench()
    let engine = bench.engine
    let twin = try engine.addDevice(named: "video_enc", format: "msm-smmu")
    let region = try bench.region(devices: ["video_dec", "display"])
    let association = try engine.associate(region, with: twin)
    try engine.activate(association)
    #expect(region.tables.count == 2)
    #expect(association.table === region.associations[0].table)
    #expect(association.table !== region.associations[1].table)
    try engine.deactivate(region.associations[0])
    #expect(region.tables.count == 2)
    try engine.deactivate(association)
    #expect(region.tables.count == 1)
    bench.expectSound()
    try engine.setActive(false, of: region)
    #expect(engine.tableMemory.usedBytes == 0)
  }

  @Test("activating all is all or nothing")
  func setActive() throws {
    let bench = try Bench()
    let engine = bench.engine
    let other = try bench.region("other", devices: ["display"])
    let region = try bench.region(devices: ["video_dec", "display"], active: false)
    expectFailure(.deviceTaken, 16, naming: "other") { () throws(VCMError) in
      try engine.setActive(true, of: region)
    }
    #expect(region.associations.allSatisfy { !$0.isActive } && region.tables.isEmpty)
    try engine.setActive(false, of: other)
    try engine.setActive(true, of: region)
    try engine.setActive(true, of: region)
    #expect(region.isActive)
    let empty = try bench.region("empty")
    expectFailure(.notActive, 2) { () throws(VCMError) in try engine.setActive(true, of: empty) }
  }

  @Test("table memory that runs out during activation leaves the association inactive", arguments: 0..<6)
  func activationFailure(allocations: Int) throws {
    let bench = try Bench()
    let engine = bench.engine
    let region = try bench.region()
    for _ in 0..<3 { _ = try bench.backed(3 << 12, in: region) }
    try engine.reserve(ReservationRequest(length: 4096, at: 0x500_0000), in: region)
    let association = try engine.associate(region, with: bench.device("display"))
    engine.tableMemory.allocationsLeft = allocations
    let error = failure { () throws(VCMError) in try engine.activate(association) }
    engine.tableMemory.allocationsLeft = nil
    if let error {
      #expect(error.code == .outOfTableMemory)
      #expect(!association.isActive && engine.tableMemory.usedBytes == 0 && region.tables.isEmpty)
      try engine.activate(association)
    }
    bench.expectSound()
  }

  @Test("a device: rename, type, removal, reset")
  func devices() throws {
    let bench = try Bench()
    let engine = bench.engine
    let region = try bench.region(devices: ["video_dec", "display"])
    let device = try bench.device("video_dec")
    let (reservation, _) = try bench.backed(in: region)
    try engine.rename(device, to: "decoder")
    #expect(engine.device(named: "decoder") === device && engine.device(named: "video_dec") == nil)
    expectFailure(.nameTaken, 17) { () throws(VCMError) in try engine.rename(device, to: "dma") }
    expectFailure(.inUse, 16) { () throws(VCMError) in try engine.removeDevice(device) }
    expectFailure(.inUse, 16) { () throws(VCMError) in try engine.setKind(.cpu, of: device) }
    #expect(try engine.reset(device).count == 1)
    #expect(!region.associations[0].isActive && region.associations[1].isActive && reservation.isBacked)
    try engine.dissociate(region.associations[0])
    try engine.setKind(.oneToOne, of: device)
    try engine.removeDevice(device)
    expectFailure(.noSuchObject, 2) { () throws(VCMError) in try engine.removeDevice(device) }
    expectFailure(.nameTaken, 17) { () throws(VCMError) in try engine.addDevice(named: "dma") }
    bench.expectSound()
  }
}
