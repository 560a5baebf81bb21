/** The stock client of version 3, which has no types of its own under this name. */
declare module "socket.io-client3" {
  export function io(url: string, options: object): object;
}
