/** What `tls.connect` is told besides where to connect. */
export interface TlsSettings {
  readonly ca?: TlsText | undefined;
  readonly cert?: TlsText | undefined;
  readonly key?: TlsText | undefined;
  readonly servername?: string | undefined;
}

/** Certificates or a key, in PEM. */
export type TlsText = string | Buffer | readonly (string | Buffer)[];

/** Where a server listens. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** How one gets in: the same for all servers of a ground. */
export interface Access {
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly database: number;
  /** Absent: no TLS. */
  readonly tls: TlsSettings | undefined;
}

/** One server, and how one gets in. */
export interface Endpoint extends HostPort {
  readonly access: Access;
  /** `host:port` as the servers tell it among themselves, where that is known. */
  readonly told?: string;
}

/** Where Redis is. */
export type Whereabouts =
  | { readonly kind: "standalone"; readonly server: Endpoint }
  | {
      readonly kind: "sentinel";
      /** Name by which the Sentinels know the primary. */
      readonly name: string;
      readonly sentinels: readonly Endpoint[];
      readonly access: Access;
      readonly natMap: NatMap;
    }
  | {
      readonly kind: "cluster";
      readonly seeds: readonly Endpoint[];
      readonly access: Access;
      readonly natMap: NatMap;
    };

/** Where servers are reached from here, by the `host:port` that they are told under. */
export type NatMap = ReadonlyMap<string, HostPort>;

/** An address as errors show it: without who connects. */
export function shownOf({ host, port, access }: Endpoint): string {
  return `${access.tls ? "rediss" : "redis"}://${placeOf({ host, port })}`;
}

/** `host:port`. */
export function placeOf({ host, port }: HostPort): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** Reads `host:port` back. */
export function readPlace(place: string): HostPort {
  const at = place.lastIndexOf(":");
  return { host: place.slice(0, at).replace(/^\[(.*)\]$/, "$1"), port: Number(place.slice(at + 1)) };
}

/** Where a server that is told as `told` is reached from here. */
export function reachedAt(natMap: NatMap, told: HostPort): HostPort {
  return natMap.get(placeOf(told)) ?? told;
}
