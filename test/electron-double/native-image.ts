import type Electron from 'electron';

interface Representation {
  readonly scaleFactor: number;
  readonly png: Buffer;
}

const WIDTH_AT = 16;
const HEIGHT_AT = 20;

/** Holds real PNG bytes, of which it reads the size and nothing else. */
export class NativeImage implements Pick<
  Electron.NativeImage,
  | 'addRepresentation'
  | 'isEmpty'
  | 'setTemplateImage'
  | 'isTemplateImage'
  | 'toPNG'
  | 'getSize'
  | 'getScaleFactors'
> {
  readonly #representations: Representation[] = [];
  #isTemplate = false;
  addRepresentation({ scaleFactor = 1, dataURL, buffer }: Electron.AddRepresentationOptions): void {
    const png = buffer ?? Buffer.from((dataURL ?? '').replace(/^data:image\/png;base64,/, ''), 'base64');
    if (png.subarray(1, 4).toString('latin1') !== 'PNG') throw new Error('This is no PNG');
    this.#representations.push({ scaleFactor, png });
  }
  isEmpty(): boolean {
    return this.#representations.length === 0;
  }
  setTemplateImage(isTemplate: boolean): void {
    this.#isTemplate = isTemplate;
  }
  isTemplateImage(): boolean {
    return this.#isTemplate;
  }
  getScaleFactors(): number[] {
    return this.#representations.map(({ scaleFactor }) => scaleFactor);
  }
  toPNG({ scaleFactor = 1 }: Electron.ToPNGOptions = {}): Buffer {
    const found =
      this.#representations.find((one) => one.scaleFactor === scaleFactor) ?? this.#representations[0];
    return found?.png ?? Buffer.alloc(0);
  }
  getSize(scaleFactor?: number): Electron.Size {
    const png = this.toPNG(scaleFactor === undefined ? {} : { scaleFactor });
    return png.length === 0
      ? { width: 0, height: 0 }
      : { width: png.readUInt32BE(WIDTH_AT), height: png.readUInt32BE(HEIGHT_AT) };
  }
}

export const nativeImage = {
  createEmpty: (): NativeImage => new NativeImage(),
  createFromBuffer: (buffer: Buffer): NativeImage => {
    const image = new NativeImage();
    image.addRepresentation({ buffer });
    return image;
  },
  createFromDataURL: (dataURL: string): NativeImage => {
    const image = new NativeImage();
    image.addRepresentation({ dataURL });
    return image;
  },
};
