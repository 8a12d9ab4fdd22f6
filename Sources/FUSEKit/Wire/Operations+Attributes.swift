internal import CFuse

extension Operations {
  /// Attributes, targets of links, statistics.
  static func setAttributes(_ table: inout fuse_lowlevel_ops) {
    table.getattr = { request, inode, info in
      Operations.serve(request) { fileSystem, context, pending in
        let inode = InodeNumber(rawValue: inode)
        fileSystem.attributes(
          of: inode, handle: info.map { Operations.handle($0) }, context: context,
          reply: AttributesReply(pending: pending, inode: inode))
      }
    }
    table.setattr = { request, inode, attributes, fields, info in
      Operations.serve(request) { fileSystem, context, pending in
        let inode = InodeNumber(rawValue: inode)
        let changes = attributes.map { AttributeChanges($0.pointee, fields: fields) } ?? AttributeChanges()
        fileSystem.setAttributes(
          changes, of: inode, handle: info.map { Operations.handle($0) }, context: context,
          reply: AttributesReply(pending: pending, inode: inode))
      }
    }
    table.readlink = { request, inode in
      Operations.serve(request) { fileSystem, context, pending in
        fileSystem.readLink(
          InodeNumber(rawValue: inode), context: context, reply: LinkTargetReply(pending: pending))
      }
    }
    table.statfs = { request, inode in
      Operations.serve(request) { fileSystem, context, pending in
        fileSystem.statistics(
          of: InodeNumber(rawValue: inode), context: context, reply: StatisticsReply(pending: pending))
      }
    }
  }

  /// Extended attributes.
  static func setExtendedAttributes(_ table: inout fuse_lowlevel_ops) {
    table.getxattr = { request, inode, name, size in
      Operations.serve(request) { fileSystem, context, pending in
        fileSystem.extendedAttribute(
          Operations.name(name), of: InodeNumber(rawValue: inode), context: context,
          reply: ExtendedAttributeReply(pending: pending, size: size))
      }
    }
    table.listxattr = { request, inode, size in
      Operations.serve(request) { fileSystem, context, pending in
        fileSystem.extendedAttributeNames(
          of: InodeNumber(rawValue: inode), context: context,
          reply: ExtendedAttributeReply(pending: pending, size: size))
      }
    }
    table.setxattr = { request, inode, name, value, size, flags in
      Operations.serve(request) { fileSystem, context, pending in
        let change = SetExtendedAttributeRequest(
          inode: InodeNumber(rawValue: inode), name: Operations.name(name), mustBeNew: flags & 1 != 0,
          mustExist: flags & 2 != 0)
        fileSystem.setExtendedAttribute(
          change, value: UnsafeRawBufferPointer(start: value, count: size), context: context,
          reply: StatusReply(pending: pending))
      }
    }
    table.removexattr = { request, inode, name in
      Operations.serve(request) { fileSystem, context, pending in
        fileSystem.removeExtendedAttribute(
          Operations.name(name), of: InodeNumber(rawValue: inode), context: context,
          reply: StatusReply(pending: pending))
      }
    }
  }
}
