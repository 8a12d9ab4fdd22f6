import PageTables
import StateTree
import VCM

extension Platform {
  /// What the platform declares, a line for each memory type and device.
  var summary: String {
    let memory = memoryTypes.map { type in
      var words = ["memory", type.name, hexadecimal(type.base), "\(type.size) bytes"]
      if type.isContiguous { words.append("contiguous") }
      if type.holdsTables { words.append("tables") }
      return words.joined(separator: " ")
    }
    let devices = devices.map { device in
      var words = ["device", device.name, device.kind.rawValue]
      if let format = device.format { words.append(format) }
      if let window = device.window {
        words.append("window \(hexadecimal(window.base)) \(window.size) bytes")
      }
      if let levels = device.levels { words.append("levels \(levels)") }
      if let order = device.granuleLog2, (0..<64).contains(order) {
        words.append("granule \(UInt64(1) << UInt64(order)) bytes")
      }
      if let requester = device.requester { words.append("requester \(hexadecimal(UInt64(requester)))") }
      if let root = device.root { words.append("root \(root.rawValue)") }
      return words.joined(separator: " ")
    }
    return (["platform \(name)"] + memory + devices).joined(separator: "\n")
  }

  private func hexadecimal(_ value: UInt64) -> String { "0x" + String(value, radix: 16) }
}
