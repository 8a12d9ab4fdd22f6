import PageTables
import PhysicalMemory
import Testing

@testable import VCM

/// What no other suite asks of the calls of the RFC: docs/CALLS.md names a test for each.
@Suite("Calls")
struct CallTests {
  @Test("vcm_get_start_addr, vcm_get_len, vcm_get_vcm_from_res, vcm_get_res_len, vcm_get_dev_addr")
  func values() throws {
    let bench = try Bench()
    let region = try bench.region()
    #expect(region.start == 0x1000 && region.length == 128 << 20)
    let reservation = try bench.engine.reserve(
      ReservationRequest(length: 1 << 16, alignment: 1 << 16), in: region)
    #expect(reservation.region === region && reservation.length == 1 << 16 && reservation.address == 0x10000)
  }

  @Test("vcm_get_dev_addr of a one-to-one region is the physical address, not 0")
  func oneToOneAddress() throws {
    let bench = try Bench()
    let engine = bench.engine
    let region = try engine.createRegion(
      named: "direct", start: 0x8000_0000, length: 1 << 20, kind: .oneToOne)
    let buffer = try engine.allocate(PhysicalRequest(length: 1 << 16, isContiguous: true))
    let address = try #require(buffer.chunk(at: 0)?.address)
    let reservation = try engine.reserve(ReservationRequest(length: 1 << 16, at: address), in: region)
    try engine.back(reservation, with: buffer)
    #expect(reservation.address == address && address != 0)
    #expect(try engine.physicalAddress(of: address + 5, in: region).address == address + 5)
  }

  @Test("vcm_get_min_page_size: 8192 with a device whose pages have that, and 4096 again without")
  func minimumPage() throws {
    let bench = try Bench()
    let engine = bench.engine
    let region = try engine.createRegion(named: "out", start: 0x4000_0000, length: 128 << 20)
    let association = try engine.associate(region, with: try bench.device("pci0"))
    #expect(region.minimumPageSize == 8192)
    expectFailure(.invalidLength, 22, naming: "4096", "8192") { () throws(VCMError) in
      try engine.reserve(ReservationRequest(length: 4096), in: region)
    }
    try engine.dissociate(association)
    #expect(region.minimumPageSize == 4096)
    try engine.reserve(ReservationRequest(length: 4096), in: region)
    expectFailure(.misaligned, 22, naming: "8192") { () throws(VCMError) in
      try engine.associate(region, with: engine.device(named: "pci0") ?? association.device)
    }
  }

  @Test("vcm_get_physmem_from_res: the buffer, and EINVAL without one; vcm_get_memtype_of_physalloc")
  func backing() throws {
    let bench = try Bench()
    let engine = bench.engine
    let region = try bench.region()
    let reservation = try engine.reserve(ReservationRequest(length: 1 << 16), in: region)
    expectFailure(.notBacked, 22, naming: "r0") { () throws(VCMError) in
      _ = try engine.backing(of: reservation)
    }
    let buffer = try engine.allocate(PhysicalRequest(length: 1 << 16, memoryTypes: ["mt1"]))
    try engine.back(reservation, with: buffer)
    #expect(try engine.backing(of: reservation) === buffer)
    #expect(buffer.memoryTypes.map(\.name) == ["mt1"])
  }

  @Test("vcm_res_copy: EINVAL of an unbacked reservation on either side, 0 at the end")
  func copyErrors() throws {
    let bench = try Bench()
    let engine = bench.engine
    let region = try bench.region()
    let (source, _) = try bench.backed(in: region)
    let empty = try engine.reserve(ReservationRequest(length: 1 << 16), in: region)
    for (target, from) in [(empty, source), (source, empty)] {
      expectFailure(.notBacked, 22, naming: empty.name) { () throws(VCMError) in
        _ = try engine.copy(to: target, offset: 0, from: from, offset: 0, length: 1)
      }
    }
    let (target, _) = try bench.backed(in: region)
    #expect(try engine.copy(to: target, offset: 1 << 16, from: source, offset: 0, length: 1) == 0)
    #expect(try engine.copy(to: target, offset: 0, from: source, offset: 1 << 16, length: 1) == 0)
    #expect(try engine.copy(to: target, offset: 65_000, from: source, offset: 0, length: 5000) == 536)
  }

  @Test("vcm_back: ERANGE for physical addresses that a format cannot hold, ENOMEM without memory for tables")
  func backLimits() throws {
    let bench = try Bench(.small)
    let engine = bench.engine
    let region = try engine.createRegion(named: "out")
    try engine.activate(engine.associate(region, with: try bench.device("video")))
    let high = try engine.allocate(PhysicalRequest(length: 4096, at: 0x1_0000_0000))
    let page = try engine.allocate(PhysicalRequest(length: 4096))
    let reservation = try engine.reserve(ReservationRequest(length: 4096), in: region)
    expectFailure(.addressTooWide, 34, naming: "0x100000000") { () throws(VCMError) in
      try engine.back(reservation, with: high)
    }
    engine.tableMemory.allocationsLeft = 0
    expectFailure(.outOfTableMemory, 12) { () throws(VCMError) in try engine.back(reservation, with: page) }
    engine.tableMemory.allocationsLeft = nil
    try engine.back(reservation, with: page)
    bench.expectSound()
  }

  @Test(
    "vcm_activate: ENOMEM without memory for tables, ERANGE for what is backed and too wide; nothing is active then"
  )
  func activationLimits() throws {
    let bench = try Bench(.small)
    let engine = bench.engine
    let region = try engine.createRegion(named: "out")
    let high = try engine.allocate(PhysicalRequest(length: 4096, at: 0x1_0000_0000))
    try engine.back(engine.reserve(ReservationRequest(length: 4096), in: region), with: high)
    let association = try engine.associate(region, with: try bench.device("video"))
    expectFailure(.addressTooWide, 34, naming: "0x100000000", "r0") { () throws(VCMError) in
      try engine.activate(association)
    }
    #expect(!association.isActive && engine.tableMemory.usedBytes == 0)
    engine.tableMemory.allocationsLeft = 0
    expectFailure(.outOfTableMemory, 12) { () throws(VCMError) in try engine.activate(association) }
    #expect(!association.isActive && association.table == nil)
  }

  @Test("vcm_activate, vcm_is_active, vcm_deactivate, vcm_get_pgtbl_pa, vcm_hw_ver")
  func activation() throws {
    let bench = try Bench()
    let engine = bench.engine
    let region = try bench.region(devices: ["video_dec"], active: false)
    let association = region.associations[0]
    #expect(!association.isActive && association.table == nil)
    try engine.activate(association)
    #expect(association.isActive && region.isActive)
    let table = try #require(association.table?.root.tableAddress)
    let pool = try #require(engine.memoryType(named: "tables"))
    // A first-level table of 16 KiB, aligned to that, in the pool for tables.
    #expect(table % (16 << 10) == 0 && table >= pool.base && table - pool.base < pool.size)
    try engine.deactivate(association)
    #expect(!association.isActive && association.table == nil)
    #expect(association.device.hardwareVersion == "vcmfs modelled iommu 1.0")
  }

  @Test("vcm_activate: EIO for hardware that does not answer leaves the association inactive and no table")
  func activationHardwareFailure() throws {
    let model = FailingModel()
    let engine = try Engine(platform: .small, memory: Engine(platform: .small).memory) { _ in model }
    let region = try engine.createRegion(named: "out")
    let association = try engine.associate(region, with: try #require(engine.device(named: "video")))
    model.failsToActivate = true
    expectFailure(.hardwareFailure, 5, naming: "does not answer") { () throws(VCMError) in
      try engine.activate(association)
    }
    #expect(!association.isActive && association.table == nil && engine.tableMemory.usedBytes == 0)
    model.failsToActivate = false
    try engine.activate(association)
    #expect(engine.checkInvariants() == [])
  }

  @Test("vcm_set_res_attr: EIO where another process wrote into the table; the attributes stay")
  func damagedTable() throws {
    let bench = try Bench()
    let engine = bench.engine
    let region = try bench.region(devices: ["video_dec"])
    let (reservation, _) = try bench.backed(4096, in: region)
    let walk = try #require(engine.walk(reservation.address, of: bench.device("video_dec")))
    let entry = try #require(walk.steps.last?.entryAddress)
    engine.memory.pointer(to: entry, byteCount: 4)?.storeBytes(of: 0, as: UInt32.self)
    expectFailure(.hardwareFailure, 5, naming: hex(entry)) { () throws(VCMError) in
      try engine.setAttributes(ReservationAttributes(access: [.read]), of: reservation)
    }
    #expect(reservation.attributes == ReservationAttributes())
  }

  @Test("vcm_set_assoc_attr, vcm_get_assoc_attr: ERANGE for a half that does not have the region")
  func associationAttributes() throws {
    let bench = try Bench()
    let engine = bench.engine
    let region = try engine.createRegion(named: "out", start: 0x8000_0000, length: 1 << 30)
    let association = try engine.associate(region, with: try bench.device("video_dec"))
    #expect(association.attributes == AssociationAttributes(base: .low, split: 0))
    try engine.setAttributes(AssociationAttributes(base: .high, split: 1), of: association)
    #expect(association.attributes.rawValue == 2 | 1 << 3)
    expectFailure(.addressTooWide, 34, naming: "video_dec") { () throws(VCMError) in
      try engine.setAttributes(AssociationAttributes(base: .low, split: 3), of: association)
    }
    #expect(association.attributes == AssociationAttributes(base: .high, split: 1))
  }

  @Test("vcm_hook: terminate ends the access with EFAULT, after one call of the handler")
  func terminate() throws {
    let bench = try Bench()
    let device = try bench.device("video_dec")
    _ = try bench.region(devices: ["video_dec"])
    var seen: [DeviceFault] = []
    try bench.engine.hook(device) { fault in
      seen.append(fault)
      return .terminate
    }
    expectFailure(.fault, 14, naming: "0x5000", "video_dec") { () throws(VCMError) in
      _ = try bench.engine.access(0x5000, .write, by: device)
    }
    #expect(seen.map(\.address) == [0x5000] && seen.map(\.access) == [.write])
  }

  @Test("vcm_dev_addr_to_phys_addr: what the device's table says; EFAULT where nothing is mapped")
  func deviceTranslation() throws {
    let bench = try Bench()
    let engine = bench.engine
    let region = try bench.region(devices: ["video_dec"])
    let (reservation, buffer) = try bench.backed(in: region)
    let device = try bench.device("video_dec")
    let address = try #require(buffer.physicalAddress(ofOffset: 0x1234))
    #expect(try engine.physicalAddress(of: reservation.address + 0x1234, seenBy: device) == address)
    expectFailure(.fault, 14, naming: "0x7000000") { () throws(VCMError) in
      _ = try engine.physicalAddress(of: 0x700_0000, seenBy: device)
    }
  }

  @Test("vcm_map_phys_addr, vcm_get_next_phys_addr: the one segment of an existing range")
  func existingRange() throws {
    let bench = try Bench()
    let buffer = try bench.engine.allocate(PhysicalRequest(length: 3 << 16, at: 0x1000_0000))
    var chunks: [MemoryChunk] = []
    buffer.forEachChunk { _, chunk in
      chunks.append(chunk)
      return true
    }
    #expect(chunks.map(\.address) == [0x1000_0000] && chunks.map(\.length) == [3 << 16])
    #expect(buffer.isWrapped && buffer.memoryTypes.isEmpty)
  }

  @Test("a user region takes reservations and backing, which 2010 did not")
  func userRegion() throws {
    let bench = try Bench()
    let engine = bench.engine
    let region = try engine.createRegion(named: "user", start: 0x4000_0000, length: 256 << 20, kind: .user)
    let (reservation, buffer) = try bench.backed(1 << 20, in: region)
    let processor = try bench.device("cpu0")
    #expect(
      try engine.physicalAddress(of: reservation.address, seenBy: processor)
        == buffer.physicalAddress(ofOffset: 0))
    bench.expectSound()
  }

  @Test("vcm_clone: EBUSY into a region in use, EINVAL into itself, ENOENT of one that is gone")
  func cloneErrors() throws {
    let bench = try Bench()
    let engine = bench.engine
    let source = try bench.region("source")
    let target = try bench.region("target")
    try engine.reserve(ReservationRequest(length: 4096), in: target)
    expectFailure(.inUse, 16, naming: "target") { () throws(VCMError) in
      try engine.clone(source, into: target)
    }
    expectFailure(.invalidArgument, 22, naming: "source") { () throws(VCMError) in
      try engine.clone(source, into: source)
    }
    try engine.freeRegion(source)
    let empty = try engine.createRegion(named: "empty")
    expectFailure(.noSuchObject, 2, naming: "source") { () throws(VCMError) in
      try engine.clone(source, into: empty)
    }
  }

  @Test("vcm_phys_alloc: EINVAL for a length, a block size, an alignment and a memory type that there is not")
  func allocationErrors() throws {
    let bench = try Bench()
    let wrong: [(PhysicalRequest, VCMError.Code, String)] = [
      (PhysicalRequest(length: 5000), .invalidLength, "5000"),
      (PhysicalRequest(length: 0), .invalidLength, "0"),
      (PhysicalRequest(length: 4096, blockSizes: [8192]), .invalidArgument, "8192"),
      (PhysicalRequest(length: 4096, alignment: 12288), .misaligned, "12288"),
      (PhysicalRequest(length: 4096, memoryTypes: ["mt9"]), .invalidArgument, "mt9"),
    ]
    for (request, code, word) in wrong {
      expectFailure(code, 22, naming: word) { () throws(VCMError) in try bench.engine.allocate(request) }
    }
    #expect(bench.engine.allocationCount == 0)
  }
}
