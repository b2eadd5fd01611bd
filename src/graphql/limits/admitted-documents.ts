import type { DocumentNode } from 'graphql';

/**
 * Maximum size of the stored documents. They are stored because clients send the same few documents again and again.
 */
const MAX_BYTES = 32 * 1024 * 1024;
/** Memory that a token takes, including its part of the document. */
const BYTES_PER_TOKEN = 512;

interface Admitted {
  readonly document: DocumentNode;
  readonly bytes: number;
  readonly hashes: Set<string>;
}

/** Checked documents by text. The least recently used documents are dropped first. */
export class AdmittedDocuments {
  private readonly documents = new WeakSet<DocumentNode>();
  private readonly bySource = new Map<string, Admitted>();
  private readonly hashed = new Map<string, DocumentNode>();
  private bytes = 0;

  has(document: DocumentNode): boolean {
    return this.documents.has(document);
  }

  get(source: string): DocumentNode | undefined {
    const found = this.bySource.get(source);
    if (!found) return undefined;
    // Move the document to the end, because a Map returns its keys in insertion order.
    this.bySource.delete(source);
    this.bySource.set(source, found);
    return found.document;
  }

  byHash(hash: string): DocumentNode | undefined {
    return this.hashed.get(hash);
  }

  add(source: string, document: DocumentNode): void {
    this.documents.add(document);
    const bytes = 2 * source.length + BYTES_PER_TOKEN * (document.tokenCount ?? source.length);
    this.bySource.set(source, { document, bytes, hashes: new Set() });
    this.bytes += bytes;
    for (const [oldest, dropped] of this.bySource) {
      if (this.bytes <= MAX_BYTES) break;
      this.bySource.delete(oldest);
      for (const hash of dropped.hashes) this.hashed.delete(hash);
      this.bytes -= dropped.bytes;
    }
  }

  /** @param hash the name under which the engine looks for the document of this text */
  name(source: string, hash: string): void {
    const found = this.bySource.get(source);
    if (!found) return;
    found.hashes.add(hash);
    this.hashed.set(hash, found.document);
  }
}
