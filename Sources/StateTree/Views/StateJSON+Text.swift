internal import VCM

extension StateJSON {
  func render() -> [UInt8] {
    var text = ByteText()
    text.put("{\"schema\": \(Self.schema),\n\"platform\": ")
    text.put(json: platform)
    text.put(",\n\"memory\": [\n")
    text.put(lines: memoryTypes) { $0.put($1) }
    text.put("],\n\"devices\": [\n")
    text.put(lines: devices) { $0.put($1) }
    text.put("],\n\"buffers\": [\n")
    text.put(lines: buffers) { $0.put($1) }
    text.put("],\n\"regions\": [\n")
    text.put(lines: regions) { $0.put($1) }
    text.put("]}\n")
    return text.bytes
  }
}

extension ByteText {
  /// Appends objects, one a line.
  fileprivate mutating func put<Row>(lines: [Row], _ body: (inout ByteText, Row) -> Void) {
    for (index, row) in lines.enumerated() {
      body(&self, row)
      put(index == lines.count - 1 ? "\n" : ",\n")
    }
  }

  private mutating func put(_ key: String, string: String?) {
    put(key)
    if let string { put(json: string) } else { put("null") }
  }

  private mutating func put(_ key: String, number: UInt64?) {
    put(key)
    guard let number else { return put("null") }
    put("\"")
    put(decimal: number)
    put("\"")
  }

  private mutating func put(_ key: String, address: UInt64?) {
    put(key)
    guard let address else { return put("null") }
    put("\"")
    put(address: address)
    put("\"")
  }

  fileprivate mutating func put(_ memoryType: MemoryTypeDescription) {
    put("{\"name\": ", string: memoryType.name)
    put(", \"base\": ", address: memoryType.base)
    put(", \"size\": ", number: memoryType.size)
    put(", \"policy\": ", string: Words.policy(of: memoryType))
    put("}")
  }

  fileprivate mutating func put(_ device: StateJSON.DeviceRow) {
    put("{\"name\": ", string: device.name)
    put(", \"type\": ", string: device.kind.rawValue)
    put(", \"format\": ", string: device.format)
    put("}")
  }

  fileprivate mutating func put(_ buffer: StateJSON.BufferRow) {
    put("{\"name\": ", string: buffer.name)
    put(", \"length\": ", number: buffer.length)
    put(", \"memtype\": [")
    for (index, name) in buffer.memoryTypes.enumerated() { put(index == 0 ? "" : ", ", string: name) }
    put("], \"attr\": ", string: buffer.attributes)
    put(", \"chunks\": [")
    for (index, run) in buffer.runs.enumerated() {
      put(index == 0 ? "{\"address\": " : ", {\"address\": ", address: run.address)
      put(", \"length\": ", number: run.chunkLength)
      put(", \"count\": ", number: run.count)
      put("}")
    }
    put("]}")
  }

  fileprivate mutating func put(_ region: StateJSON.RegionRow) {
    put("{\"name\": ", string: region.name)
    put(", \"start\": ", address: region.start)
    put(", \"length\": ", number: region.length)
    put(", \"type\": ", string: region.kind.rawValue)
    put(",\n\"associations\": [\n")
    put(lines: region.associations) { text, association in
      text.put("{\"device\": ", string: association.device)
      text.put(", \"attr\": ", string: Words.text(of: association.attributes))
      text.put(association.isActive ? ", \"active\": true}" : ", \"active\": false}")
    }
    put("],\n\"bounds\": [\n")
    put(lines: region.bounds) { text, bound in
      text.put("{\"name\": ", string: bound.name)
      text.put(", \"start\": ", address: bound.start)
      text.put(", \"length\": ", number: bound.length)
      text.put("}")
    }
    put("],\n\"reservations\": [\n")
    // Most reservations have the attributes of their neighbour.
    var known: (attributes: ReservationAttributes, words: String)?
    put(lines: region.reservations) { text, reservation in
      if known?.attributes != reservation.attributes {
        known = (reservation.attributes, AttributeWords.text(reservation.attributes))
      }
      text.put("{\"name\": ", string: reservation.name)
      text.put(", \"address\": ", address: reservation.address)
      text.put(", \"length\": ", number: reservation.length)
      text.put(", \"attr\": ", string: known?.words ?? "")
      text.put(", \"align\": ", number: reservation.alignment)
      text.put(", \"bound\": ", string: reservation.bound)
      text.put(", \"backing\": ", string: reservation.backing)
      text.put("}")
    }
    put("]}")
  }
}
