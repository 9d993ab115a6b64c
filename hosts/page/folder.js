// The granted folder, in memory: an object of names, each with a Uint8Array (a file) or an object (a folder).

const isFolder = node => !(node instanceof Uint8Array);

/** The classes of `wasi:filesystem/types`, and the folder's own descriptor. `modified` is the time of all files. */
export function folder(root, modified) {
  const time = { seconds: BigInt(modified), nanoseconds: 0 };

  const stat = node => ({
    type: isFolder(node) ? "directory" : "regular-file",
    linkCount: 1n,
    size: BigInt(isFolder(node) ? 0 : node.length),
    dataAccessTimestamp: time,
    dataModificationTimestamp: time,
    statusChangeTimestamp: time,
  });

  /** What a path stands for below a folder. It never leads out: the host's promise that the sandbox rests on. */
  const find = (from, path) => {
    let node = from;
    for (const part of path.split("/")) {
      if (part === "" || part === ".") continue;
      if (part === "..") throw "not-permitted";
      if (!isFolder(node)) throw "not-directory";
      if (!Object.hasOwn(node, part)) throw "no-entry";
      node = node[part];
    }
    return node;
  };

  class Descriptor {
    stat() {
      return stat(this.node);
    }

    statAt(_flags, path) {
      return stat(find(this.node, path));
    }

    openAt(_pathFlags, path) {
      return Object.assign(new Descriptor(), { node: find(this.node, path) });
    }

    read(length, offset) {
      if (isFolder(this.node)) throw "is-directory";
      const bytes = this.node.subarray(Number(offset), Number(offset + length));
      return [bytes, Number(offset) + bytes.length >= this.node.length];
    }

    // Only for hosts with an efficient `splice`, which this one does not have.
    readViaStream() {
      throw "unsupported";
    }

    readDirectory() {
      return Object.assign(new DirectoryEntryStream(), { left: Object.entries(this.node) });
    }
  }

  class DirectoryEntryStream {
    readDirectoryEntry() {
      const [name, node] = this.left.shift() ?? [];
      return name === undefined ? undefined : { name, type: isFolder(node) ? "directory" : "regular-file" };
    }
  }

  return { Descriptor, DirectoryEntryStream, root: Object.assign(new Descriptor(), { node: root }) };
}
