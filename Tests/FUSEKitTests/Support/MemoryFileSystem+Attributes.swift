import FUSEKit
import Synchronization

extension MemoryFileSystem {
  func attributes(
    of inode: InodeNumber, handle: FileHandle?, context: RequestContext, reply: consuming AttributesReply
  ) {
    note("getattr", context)
    guard let attributes = state.withLock({ $0.nodes[inode]?.attributes }) else { return reply.fail(.stale) }
    reply.succeed(attributes, timeout: behaviour.attributeTimeout)
  }

  func setAttributes(
    _ changes: AttributeChanges, of inode: InodeNumber, handle: FileHandle?, context: RequestContext,
    reply: consuming AttributesReply
  ) {
    note(changes.size == nil ? "setattr" : "truncate", context)
    let attributes: FileAttributes? = state.withLock { state in
      guard var node = state.nodes[inode] else { return nil }
      if let permissions = changes.permissions { node.attributes.mode.permissions = permissions }
      if let user = changes.userID { node.attributes.userID = user }
      if let group = changes.groupID { node.attributes.groupID = group }
      if let size = changes.size { node.resize(Int(clamping: size)) }
      if let time = changes.accessTime { node.attributes.accessTime = time.timestamp }
      if let time = changes.modificationTime { node.attributes.modificationTime = time.timestamp }
      state.nodes[inode] = node
      return node.attributes
    }
    guard let attributes else { return reply.fail(.stale) }
    reply.succeed(attributes, timeout: behaviour.attributeTimeout)
  }

  func readLink(_ inode: InodeNumber, context: RequestContext, reply: consuming LinkTargetReply) {
    note("readlink", context)
    guard let target = state.withLock({ $0.nodes[inode]?.target }) else { return reply.fail(.stale) }
    reply.succeed(target)
  }

  func statistics(of inode: InodeNumber, context: RequestContext, reply: consuming StatisticsReply) {
    note("statfs", context)
    var statistics = FileSystemStatistics()
    statistics.blocks = 1000
    statistics.freeBlocks = 600
    statistics.availableBlocks = 500
    statistics.files = 77
    statistics.freeFiles = 7
    statistics.maximumNameLength = 255
    reply.succeed(statistics)
  }

  func extendedAttribute(
    _ name: FileName, of inode: InodeNumber, context: RequestContext, reply: consuming ExtendedAttributeReply
  ) {
    note("getxattr", context)
    guard behaviour.servesExtendedAttributes else { return reply.fail(.notImplemented) }
    guard let value = state.withLock({ $0.nodes[inode]?.extended[name.description] }) else {
      return reply.fail(.noData)
    }
    reply.succeed(value)
  }

  func extendedAttributeNames(
    of inode: InodeNumber, context: RequestContext, reply: consuming ExtendedAttributeReply
  ) {
    note("listxattr", context)
    guard behaviour.servesExtendedAttributes else { return reply.fail(.notImplemented) }
    reply.succeed(names: state.withLock { $0.nodes[inode]?.extended.keys.sorted() ?? [] })
  }

  func setExtendedAttribute(
    _ request: SetExtendedAttributeRequest, value: UnsafeRawBufferPointer, context: RequestContext,
    reply: consuming StatusReply
  ) {
    note("setxattr", context)
    guard behaviour.servesExtendedAttributes else { return reply.fail(.notImplemented) }
    let bytes = Array(value)
    let error: Errno? = state.withLock { state in
      let exists = state.nodes[request.inode]?.extended[request.name.description] != nil
      if request.mustBeNew && exists { return .exists }
      if request.mustExist && !exists { return .noData }
      state.nodes[request.inode]?.extended[request.name.description] = bytes
      return nil
    }
    if let error { reply.fail(error) } else { reply.succeed() }
  }

  func removeExtendedAttribute(
    _ name: FileName, of inode: InodeNumber, context: RequestContext, reply: consuming StatusReply
  ) {
    note("removexattr", context)
    let removed = state.withLock { $0.nodes[inode]?.extended.removeValue(forKey: name.description) }
    if removed == nil { reply.fail(.noData) } else { reply.succeed() }
  }
}

extension MemoryFileSystem.Node {
  mutating func resize(_ size: Int) {
    bytes = Array(bytes.prefix(size)) + Array(repeating: 0, count: max(0, size - bytes.count))
    attributes.size = UInt64(size)
    attributes.blocks = UInt64((size + 511) / 512)
  }

  mutating func write(_ new: [UInt8], at offset: Int) {
    if offset + new.count > bytes.count { resize(offset + new.count) }
    bytes.replaceSubrange(offset..<(offset + new.count), with: new)
  }
}

extension AttributeChanges.TimeChange {
  var timestamp: Timestamp {
    switch self {
    case .now: .now
    case .at(let time): time
    }
  }
}
