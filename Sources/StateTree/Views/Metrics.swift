internal import PageTables
internal import VCM

/// The text of `metrics`, in the exposition format of Prometheus.
struct Metrics {
  private var lines: [String] = []

  /// The whole text.
  ///
  /// O(regions + associations + memory types).
  static func text(_ state: TreeState) -> String {
    var metrics = Metrics()
    metrics.objects(state)
    metrics.regions(state)
    metrics.memory(state)
    metrics.tables(state)
    metrics.faults(state)
    metrics.operations(state.operations)
    return metrics.lines.joined(separator: "\n") + "\n"
  }

  private mutating func describe(_ name: String, _ type: String, _ help: String) {
    lines.append("# HELP \(name) \(help)")
    lines.append("# TYPE \(name) \(type)")
  }

  private mutating func sample(_ name: String, _ labels: [(String, String)], _ value: String) {
    let text = labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
    lines.append(text.isEmpty ? "\(name) \(value)" : "\(name){\(text)} \(value)")
  }

  private mutating func sample(_ name: String, _ labels: [(String, String)], _ value: UInt64) {
    sample(name, labels, String(value))
  }

  /// A label's value: a backslash, a quote and a newline are escaped.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\"": result += "\\\""
      case "\n": result += "\\n"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private mutating func objects(_ state: TreeState) {
    describe("vcmfs_objects", "gauge", "Objects that exist, by kind.")
    let engine = state.engine
    let counts = [
      ("region", engine.regionCount), ("reservation", engine.reservationCount),
      ("device", engine.deviceCount),
      ("association", engine.associationCount), ("buffer", engine.allocationCount),
      ("memory_type", engine.memoryTypes.count),
    ]
    for (kind, count) in counts { sample("vcmfs_objects", [("kind", kind)], UInt64(count)) }
    describe("vcmfs_events_total", "counter", "Changes and faults since the start.")
    sample("vcmfs_events_total", [], state.eventCount)
  }

  /// One gauge, with a sample for each object.
  private mutating func gauge<Object>(
    _ name: String, _ help: String, of objects: [Object], label: String, named: (Object) -> String,
    _ value: (Object) -> UInt64
  ) {
    describe(name, "gauge", help)
    for object in objects { sample(name, [(label, named(object))], value(object)) }
  }

  private mutating func regions(_ state: TreeState) {
    var regions: [Region] = []
    while let next = state.engine.firstRegion(after: regions.last?.id) { regions.append(next) }
    func gauge(_ name: String, _ help: String, _ value: (Region) -> UInt64) {
      self.gauge(name, help, of: regions, label: "vcm", named: \.name, value)
    }
    gauge("vcmfs_region_length_bytes", "Device addresses of a region.") { $0.length }
    gauge("vcmfs_region_reserved_bytes", "Device addresses that are reserved or lie in a bound.") {
      $0.length &- $0.freeBytes
    }
    gauge("vcmfs_region_backed_bytes", "Reserved device addresses with memory behind them.") {
      state.backedBytes[$0.id] ?? 0
    }
    gauge("vcmfs_region_free_bytes", "Device addresses that are free.") { $0.freeBytes }
    gauge("vcmfs_region_largest_free_bytes", "The longest range that can be reserved.") { $0.largestFree }
    gauge("vcmfs_region_reservations", "Reservations of a region.") { UInt64($0.reservationCount) }
    gauge("vcmfs_region_backed_reservations", "Reservations of a region that are backed.") {
      UInt64($0.backedCount)
    }
  }

  private mutating func memory(_ state: TreeState) {
    let types = state.engine.memoryTypes
    func gauge(_ name: String, _ help: String, _ value: (MemoryType) -> UInt64) {
      self.gauge(name, help, of: types, label: "memtype", named: \.name, value)
    }
    gauge("vcmfs_memory_size_bytes", "Physical memory of a memory type.") { $0.size }
    gauge("vcmfs_memory_free_bytes", "Physical memory that is not allocated.") { $0.freeBytes }
    gauge("vcmfs_memory_largest_free_bytes", "The longest free range of a memory type.") {
      $0.largestFreeRange
    }
    describe(
      "vcmfs_memory_free_blocks", "gauge", "Free blocks of the buddy allocator, by their size in bytes.")
    for type in types {
      for order in type.orders {
        let labels = [("memtype", type.name), ("size", String(UInt64(1) << UInt64(order)))]
        sample("vcmfs_memory_free_blocks", labels, type.freeBlockCount(order: order))
      }
    }
  }

  /// Tables that several associations share are counted once.
  private mutating func tables(_ state: TreeState) {
    var seen: Set<ObjectIdentifier> = []
    var tables: [(labels: [(String, String)], table: any PageTable)] = []
    var last: ObjectID?
    while let device = state.engine.firstDevice(after: last) {
      for association in device.activeAssociations {
        guard let table = association.table, seen.insert(ObjectIdentifier(table)).inserted else { continue }
        let labels = [
          ("vcm", association.region.name), ("device", device.name), ("format", table.format.name),
        ]
        tables.append((labels, table))
      }
      last = device.id
    }
    describe(
      "vcmfs_table_bytes", "gauge",
      "Memory of page tables. A table that is shared is shown at one of its devices.")
    for entry in tables { sample("vcmfs_table_bytes", entry.labels, entry.table.tableByteCount) }
    describe("vcmfs_table_leaves", "gauge", "Pages that are mapped, by their size.")
    for entry in tables {
      for (size, count) in entry.table.leafCounts {
        sample("vcmfs_table_leaves", entry.labels + [("page_size", String(size))], UInt64(count))
      }
    }
  }

  private mutating func faults(_ state: TreeState) {
    describe("vcmfs_faults_total", "counter", "Accesses of a device that faulted.")
    var last: ObjectID?
    while let device = state.engine.firstDevice(after: last) {
      sample("vcmfs_faults_total", [("device", device.name)], state.faultCounts[device.id] ?? 0)
      last = device.id
    }
  }

  private mutating func operations(_ log: OperationLog) {
    let name = "vcmfs_operation_duration_seconds"
    describe(name, "histogram", "Time that operations took inside the tree.")
    for operation in OperationLog.Operation.allCases {
      let record = log.records[operation.rawValue]
      var count: UInt64 = 0
      for (index, bucket) in record.buckets.enumerated() {
        count += bucket
        let bound =
          index < OperationLog.bounds.count ? Self.seconds(OperationLog.bounds[index]) : "+Inf"
        sample("\(name)_bucket", [("operation", operation.name), ("le", bound)], count)
      }
      sample("\(name)_sum", [("operation", operation.name)], Self.seconds(record.nanoseconds))
      sample("\(name)_count", [("operation", operation.name)], count)
    }
    describe("vcmfs_operation_failures_total", "counter", "Operations that failed, by error.")
    for operation in OperationLog.Operation.allCases {
      for (symbol, count) in log.records[operation.rawValue].failures.sorted(by: { $0.key < $1.key }) {
        sample("vcmfs_operation_failures_total", [("operation", operation.name), ("errno", symbol)], count)
      }
    }
  }

  /// Nanoseconds as seconds, without trailing zeros.
  static func seconds(_ nanoseconds: UInt64) -> String {
    let fraction = String(nanoseconds % 1_000_000_000)
    var text =
      "\(nanoseconds / 1_000_000_000)." + String(repeating: "0", count: 9 - fraction.utf8.count) + fraction
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }
}
