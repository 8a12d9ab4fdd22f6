internal import CFuse

extension Operations {
  /// Opening, reading and closing directories.
  static func setDirectories(_ table: inout fuse_lowlevel_ops) {
    table.opendir = { request, inode, info in
      Operations.serve(request) { fileSystem, context, pending in
        let open = OpenRequest(inode: InodeNumber(rawValue: inode), flags: Operations.flags(info))
        fileSystem.openDirectory(open, context: context, reply: OpenReply(pending: pending))
      }
    }
    table.readdir = { request, inode, size, offset, info in
      Operations.serve(request) { fileSystem, context, pending in
        let read = ReadDirectoryRequest(
          inode: InodeNumber(rawValue: inode), handle: Operations.handle(info),
          offset: Operations.offset(offset))
        fileSystem.readDirectory(
          read, context: context,
          reply: DirectoryReply(pending: pending, size: size, includesAttributes: false))
      }
    }
    table.releasedir = { request, inode, info in
      Operations.tell(request) {
        $0.releaseDirectory(InodeNumber(rawValue: inode), handle: Operations.handle(info))
      }
      fuse_reply_err(request, 0)
    }
    table.fsyncdir = { request, inode, dataOnly, info in
      Operations.serve(request) { fileSystem, context, pending in
        fileSystem.synchronizeDirectory(
          InodeNumber(rawValue: inode), handle: Operations.handle(info), dataOnly: dataOnly != 0,
          context: context, reply: StatusReply(pending: pending))
      }
    }
  }

  /// Reading a directory with its files' attributes.
  static func setDirectoriesWithAttributes(_ table: inout fuse_lowlevel_ops) {
    table.readdirplus = { request, inode, size, offset, info in
      Operations.serve(request) { fileSystem, context, pending in
        let read = ReadDirectoryRequest(
          inode: InodeNumber(rawValue: inode), handle: Operations.handle(info),
          offset: Operations.offset(offset))
        fileSystem.readDirectory(
          read, context: context,
          reply: DirectoryReply(pending: pending, size: size, includesAttributes: true))
      }
    }
  }
}
