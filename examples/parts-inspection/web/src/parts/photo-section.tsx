import { useChannel, useUpload } from "@livecache/client/react";
import { useSend } from "example-kit/web/live.ts";
import { Dialog } from "example-kit/web/parts/dialog.tsx";
import { Icon } from "example-kit/web/parts/icon.tsx";
import { useToast } from "example-kit/web/parts/toasts.tsx";
import { inFull } from "example-kit/web/words.ts";
import { useRef, useState } from "react";
import type { ChangeEvent } from "react";
import type { Photo } from "../../../src/answers.ts";
import { PHOTOS_PER_AUDIT, PHOTO_BYTES, PHOTO_TYPES } from "../../../src/vocabulary.ts";
import { usePerson } from "../session.tsx";
import { sizeWords } from "../words.ts";

export interface PhotoSectionProps {
  readonly auditId: number;
  readonly photos: readonly Photo[];
}

const addressOf = (auditId: number, photoId: number): string => `/api/audits/${auditId}/photos/${photoId}`;

/** The photos of a part, and how far one is that is on its way: one's own, or somebody else's. */
export function PhotoSection({ auditId, photos }: PhotoSectionProps) {
  const [shown, setShown] = useState<Photo>();
  const [ownId] = useState(() => `photo-${Math.random().toString(36).slice(2)}`);
  return (
    <section className="card" aria-labelledby="photos">
      <div className="card-head">
        <h2 id="photos">Photos of the part</h2>
        {photos.length < PHOTOS_PER_AUDIT && <AddPhoto auditId={auditId} uploadId={ownId} />}
      </div>
      <Arriving auditId={auditId} ownId={ownId} />
      {photos.length === 0 && <p className="card-empty">None yet. A photo says what a remark cannot.</p>}
      {photos.length > 0 && (
        <ul className="photos">
          {photos.map((photo) => (
            <li key={photo.id}>
              <button
                type="button"
                className="photo"
                aria-label={`Show ${photo.name}`}
                onClick={() => setShown(photo)}
              >
                <img src={addressOf(auditId, photo.id)} alt={photo.name} loading="lazy" />
              </button>
            </li>
          ))}
        </ul>
      )}
      {shown && <PhotoDialog auditId={auditId} photo={shown} onClose={() => setShown(undefined)} />}
    </section>
  );
}

/** What is wrong with a file before it is sent. */
function faultOf(file: File): string | undefined {
  if (!PHOTO_TYPES.some((type) => type === file.type)) return "Please choose a JPEG, PNG or WebP picture.";
  return file.size > PHOTO_BYTES
    ? `It has ${sizeWords(file.size)}; a photo has at most ${PHOTO_BYTES / 2 ** 20} MB.`
    : undefined;
}

function AddPhoto({ auditId, uploadId }: { auditId: number; uploadId: string }) {
  const [name, setName] = useState("photo");
  const upload = useUpload(`/api/audits/${auditId}/photos?name=${encodeURIComponent(name)}`, {
    id: uploadId,
  });
  const toast = useToast();
  const input = useRef<HTMLInputElement>(null);
  const start = useRef(upload.start);
  start.current = upload.start;

  async function send(event: ChangeEvent<HTMLInputElement>): Promise<void> {
    const [file] = event.target.files ?? [];
    event.target.value = "";
    if (!file) return;
    const fault = faultOf(file);
    if (fault) {
      toast({ title: `${file.name} was not added`, body: fault, icon: "alert" });
      return;
    }
    setName(file.name);
    // The path holds the name, so the upload begins with the next rendering's `start`.
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const response = await start.current(file);
    if (response?.ok) return;
    const body = response ? ((await response.json()) as { detail?: string }).detail : undefined;
    toast({ title: `${file.name} was not added`, body: body ?? "It did not get through.", icon: "alert" });
  }

  if (upload.status === "sending") {
    const percent = upload.total ? Math.round((upload.loaded / upload.total) * 100) : 0;
    return (
      <span className="sending">
        <progress aria-label={`Sending ${name}`} value={percent} max={100} />
        <span className="sending-share">{percent} %</span>
        <button type="button" className="button-icon" aria-label="Stop sending" onClick={upload.abort}>
          <Icon name="cross" size={16} />
        </button>
      </span>
    );
  }
  return (
    <>
      <button type="button" className="button button-step" onClick={() => input.current?.click()}>
        <Icon name="camera" size={18} /> Add a photo
      </button>
      <input
        ref={input}
        hidden
        type="file"
        aria-label="Photo"
        accept={PHOTO_TYPES.join(",")}
        onChange={send}
      />
    </>
  );
}

/** Uploads of others to this audit, as the server hears them. */
function Arriving({ auditId, ownId }: { auditId: number; ownId: string }) {
  const [uploads, setUploads] = useState<Readonly<Record<string, number>>>({});
  useChannel(
    "audit/:auditId",
    { auditId },
    {
      upload({ id, percent = 0, done, failed }) {
        if (id === ownId) return;
        setUploads(({ [id]: _before, ...others }) =>
          done || failed ? others : { ...others, [id]: percent },
        );
      },
    },
  );
  return (
    <div className="arrivals" role="status">
      {Object.entries(uploads).map(([id, percent]) => (
        <p key={id} className="arriving">
          A photo is arriving: {percent} %
          <progress aria-label="A photo is arriving" value={percent} max={100} />
        </p>
      ))}
    </div>
  );
}

function PhotoDialog({ auditId, photo, onClose }: { auditId: number; photo: Photo; onClose: () => void }) {
  const { userId, role } = usePerson();
  const send = useSend();
  const toast = useToast();
  async function remove(): Promise<void> {
    try {
      await send("DELETE", addressOf(auditId, photo.id));
      onClose();
    } catch (error) {
      toast({ title: "The photo was not removed", body: (error as Error).message, icon: "alert" });
    }
  }
  return (
    <Dialog title={photo.name} onClose={onClose}>
      <img className="photo-large" src={addressOf(auditId, photo.id)} alt={photo.name} />
      <div className="photo-foot">
        <p className="row-facts">
          <span>{photo.author.name}</span>
          <span>{inFull(photo.at)}</span>
          <span>{sizeWords(photo.bytes)}</span>
        </p>
        {(role === "admin" || photo.author.id === userId) && (
          <button type="button" className="button" onClick={remove}>
            <Icon name="bin" size={18} /> Remove
          </button>
        )}
      </div>
    </Dialog>
  );
}
