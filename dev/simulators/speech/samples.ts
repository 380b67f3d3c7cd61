/** Makes samples of 16-bit little-endian bytes that may be cut anywhere. */
export function openSampleReader(): (bytes: Buffer) => Int16Array {
  let oddByte = Buffer.alloc(0);
  return (bytes) => {
    const all = Buffer.concat([oddByte, bytes]);
    const whole = all.length - (all.length % 2);
    oddByte = all.subarray(whole);
    return new Int16Array(new Uint8Array(all.subarray(0, whole)).buffer);
  };
}
