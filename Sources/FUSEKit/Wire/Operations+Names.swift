internal import CFuse

extension Operations {
  /// What makes, finds and removes names.
  static func setNames(_ table: inout fuse_lowlevel_ops) {
    setLookup(&table)
    setMaking(&table)
    setRemoving(&table)
  }

  private static func setLookup(_ table: inout fuse_lowlevel_ops) {
    table.lookup = { request, parent, name in
      Operations.serve(request) { fileSystem, context, pending in
        fileSystem.lookup(
          Operations.name(name), in: InodeNumber(rawValue: parent), context: context,
          reply: EntryReply(pending: pending))
      }
    }
    table.forget = { request, inode, count in
      Operations.tell(request) { $0.forget(InodeNumber(rawValue: inode), count: count) }
      fuse_reply_none(request)
    }
    table.forget_multi = { request, count, list in
      Operations.tell(request) { fileSystem in
        for item in UnsafeBufferPointer(start: list, count: count) {
          fileSystem.forget(InodeNumber(rawValue: item.ino), count: item.nlookup)
        }
      }
      fuse_reply_none(request)
    }
  }

  private static func setMaking(_ table: inout fuse_lowlevel_ops) {
    table.mkdir = { request, parent, name, mode in
      Operations.serve(request) { fileSystem, context, pending in
        fileSystem.makeDirectory(
          Operations.name(name), in: InodeNumber(rawValue: parent), permissions: UInt16(mode & 0o7777),
          context: context, reply: EntryReply(pending: pending))
      }
    }
    table.mknod = { request, parent, name, mode, device in
      Operations.serve(request) { fileSystem, context, pending in
        fileSystem.makeNode(
          Operations.name(name), in: InodeNumber(rawValue: parent), mode: FileMode(rawMode: mode),
          deviceNumber: UInt32(truncatingIfNeeded: device), context: context,
          reply: EntryReply(pending: pending))
      }
    }
    table.symlink = { request, target, parent, name in
      Operations.serve(request) { fileSystem, context, pending in
        fileSystem.makeSymbolicLink(
          Operations.name(name), in: InodeNumber(rawValue: parent), target: Operations.name(target),
          context: context, reply: EntryReply(pending: pending))
      }
    }
    table.link = { request, inode, parent, name in
      Operations.serve(request) { fileSystem, context, pending in
        fileSystem.makeHardLink(
          Operations.name(name), in: InodeNumber(rawValue: parent), to: InodeNumber(rawValue: inode),
          context: context, reply: EntryReply(pending: pending))
      }
    }
  }

  private static func setRemoving(_ table: inout fuse_lowlevel_ops) {
    table.unlink = { request, parent, name in
      Operations.serve(request) { fileSystem, context, pending in
        fileSystem.unlink(
          Operations.name(name), in: InodeNumber(rawValue: parent), context: context,
          reply: StatusReply(pending: pending))
      }
    }
    table.rmdir = { request, parent, name in
      Operations.serve(request) { fileSystem, context, pending in
        fileSystem.removeDirectory(
          Operations.name(name), in: InodeNumber(rawValue: parent), context: context,
          reply: StatusReply(pending: pending))
      }
    }
    table.rename = { request, parent, name, newParent, newName, flags in
      Operations.serve(request) { fileSystem, context, pending in
        let rename = RenameRequest(
          name: Operations.name(name), parent: InodeNumber(rawValue: parent),
          newName: Operations.name(newName), newParent: InodeNumber(rawValue: newParent),
          flags: RenameFlags(rawValue: flags))
        fileSystem.rename(rename, context: context, reply: StatusReply(pending: pending))
      }
    }
  }
}
