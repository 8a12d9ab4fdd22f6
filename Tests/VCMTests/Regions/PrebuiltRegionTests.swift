import Testing

@testable import VCM

@Suite("Prebuilt regions")
struct PrebuiltRegionTests {
  @Test(
    "vcm_create_from_prebuilt: a processor sees the region at once", arguments: [RegionKind.kernel, .user])
  func create(kind: RegionKind) throws {
    let bench = try Bench()
    let region = try bench.engine.createRegion(named: "cpu", kind: kind)
    let association = try #require(region.associations.first)
    #expect(association.device.name == "cpu0" && association.isActive && association.isImplied)
    #expect(association.table != nil && !region.isInUse && region.isActive)
    // A user region of 2010 could not be reserved in.
    let (reservation, buffer) = try bench.backed(in: region)
    let chunk = try #require(buffer.chunk(at: 0))
    #expect(
      try bench.engine.physicalAddress(of: reservation.address + 5, seenBy: bench.device("cpu0"))
        == chunk.address + 5)
    bench.expectSound()
  }

  @Test("the kernel's half of a 64-bit processor is behind TTBR1")
  func upperHalf() throws {
    var platform = Platform.small
    platform.devices = [DeviceDescription(name: "a53", kind: .cpu, format: "arm64-4k")]
    let bench = try Bench(platform)
    let engine = bench.engine
    let kernel = try engine.createRegion(named: "kernel", start: 0xFFFF_0000_0000_0000, length: 1 << 48)
    try engine.setKind(.kernel, of: kernel)
    let association = try #require(kernel.associations.first)
    #expect(association.isActive && association.attributes == AssociationAttributes(base: .high, split: 16))
    let user = try engine.createRegion(named: "user", kind: .user)
    #expect(user.associations.first?.attributes == AssociationAttributes())
    bench.expectSound()
  }

  @Test("a processor holds several prebuilt regions at once")
  func several() throws {
    let bench = try Bench()
    for name in ["k", "u1", "u2"] {
      let region = try bench.engine.createRegion(named: name, kind: name == "k" ? .kernel : .user)
      _ = try bench.backed(in: region)
    }
    #expect(try bench.device("cpu0").activeAssociations.count == 3)
    bench.expectSound()
  }

  @Test("its association cannot be removed or deactivated, and goes with the region")
  func implied() throws {
    let bench = try Bench()
    let engine = bench.engine
    let region = try engine.createRegion(named: "k", kind: .kernel)
    let association = try #require(region.associations.first)
    expectFailure(.activeAssociation, 16) { () throws(VCMError) in try engine.deactivate(association) }
    expectFailure(.activeAssociation, 16) { () throws(VCMError) in try engine.dissociate(association) }
    expectFailure(.activeAssociation, 16) { () throws(VCMError) in
      try engine.setAttributes(AssociationAttributes(base: .high), of: association)
    }
    expectFailure(.alreadyAssociated, 17) { () throws(VCMError) in
      try engine.associate(region, with: association.device)
    }
    let device = try bench.device("cpu0")
    expectFailure(.inUse, 16) { () throws(VCMError) in try engine.removeDevice(device) }
    try engine.reset(device)
    #expect(association.isActive)
    try engine.setActive(false, of: region)
    #expect(association.isActive)
    try engine.setLength(1 << 20, of: region)
    try engine.setKind(.user, of: region)
    #expect(region.associations.first === association)
    try engine.setKind(.device, of: region)
    #expect(region.associations.isEmpty && device.associations.isEmpty)
    try engine.setKind(.kernel, of: region)
    try engine.freeRegion(region)
    #expect(device.associations.isEmpty && engine.tableMemory.usedBytes == 0)
    bench.expectSound()
  }

  @Test("without a processor it is ENODEV, and too wide a range is ERANGE")
  func errors() throws {
    let bench = try Bench()
    let engine = bench.engine
    let region = try engine.createRegion(named: "k", kind: .kernel)
    expectFailure(.addressTooWide, 34, naming: "arm-v7s") { () throws(VCMError) in
      try engine.setStart(1 << 32, of: region)
    }
    try engine.freeRegion(region)
    expectFailure(.addressTooWide, 34) { () throws(VCMError) in
      try engine.createRegion(named: "k", start: 1 << 32, length: 4096, kind: .user)
    }
    try engine.removeDevice(bench.device("cpu0"))
    expectFailure(.noDevice, 19, naming: "cpu") { () throws(VCMError) in
      try engine.createRegion(named: "k", kind: .kernel)
    }
    #expect(engine.regionCount == 0)
    bench.expectSound()
  }
}
