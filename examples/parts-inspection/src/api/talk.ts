import express, { Router } from "express";
import type { Request } from "express";
import { Problem } from "example-kit/problem";
import { identityOf, uploadProgress } from "livecache/express";
import { z } from "zod";
import type { Database } from "../database/database.ts";
import type { PartsLive, Who } from "../live.ts";
import { addComment, addPhoto, deletePhoto, findPhoto } from "../store/talk.ts";
import { PHOTOS_PER_AUDIT, PHOTO_BYTES, PHOTO_TYPES } from "../vocabulary.ts";
import type { PhotoType } from "../vocabulary.ts";
import { visibleAudit } from "./audits.ts";
import { pathId } from "./input.ts";
import { noticeOf, tellAdmins } from "./notices.ts";

const newComment = z.object({ text: z.string().trim().min(1, "Please write something.").max(1_000) });
const photoName = z.string().trim().min(1).max(120).catch("photo");

/** What people add to an audit: comments and photos. Whoever may read it may add to it. */
export function talkRoutes({ db, live }: { db: Database; live: PartsLive }): Router {
  const router = Router();

  router.post("/audits/:id/comments", async (request, response) => {
    const who = identityOf<Who>(request);
    const { text } = newComment.parse(request.body);
    const { audit } = await visibleAudit(db, who, request.params["id"]);
    const author = { id: who.userId, name: who.name };
    const comment = await addComment(db, { auditId: audit.id, author, text });
    const notice = { ...noticeOf(audit, who, "New comment"), text: text.slice(0, 140) };
    await live.change({
      tags: [`audit:${audit.id}`],
      emit: await tellAdmins({ db, live, others: [audit.inspector.id] }, "audit-commented", notice),
    });
    response.status(201).json({ message: "Comment added", comment });
  });

  const showProgress = uploadProgress(live, {
    channel: (request: Request) => ({
      pattern: "audit/:auditId",
      params: { auditId: String(request.params["id"]) },
    }),
  });
  const readPicture = express.raw({ type: [...PHOTO_TYPES], limit: PHOTO_BYTES });

  router.post(
    "/audits/:id/photos",
    onlyVisible(db),
    notTooLarge,
    showProgress,
    readPicture,
    async (request, response) => {
      const auditId = pathId(request.params["id"]);
      const picture: unknown = request.body;
      const type = Buffer.isBuffer(picture) ? typeOf(picture) : undefined;
      if (!Buffer.isBuffer(picture) || !type) {
        throw new Problem(415, "Not a photo", "Expected a JPEG, PNG or WebP picture as the body.");
      }
      const photo = {
        ...{ auditId, type, picture },
        authorId: identityOf<Who>(request).userId,
        name: photoName.parse(request.query["name"]),
      };
      const id = await addPhoto(db, photo, PHOTOS_PER_AUDIT);
      if (id === "gone") throw new Problem(404, "Not found", "The audit was deleted meanwhile.");
      if (id === "full") {
        throw new Problem(409, "Full", `An audit has at most ${PHOTOS_PER_AUDIT} photos. Remove one first.`);
      }
      await live.change({ tags: [`audit:${auditId}`] });
      response.status(201).json({ message: "Photo added", id });
    },
  );

  router
    .route("/audits/:id/photos/:photoId")
    .all(onlyVisible(db))
    .get(async (request, response) => {
      const { type, picture } = await existingPhoto(db, request.params);
      // A photo never changes; only whoever may see the audit gets it, so nobody in between keeps it.
      response
        .set("Cache-Control", "private, max-age=31536000, immutable")
        .type(type)
        .send(Buffer.from(picture));
    })
    .delete(async (request, response) => {
      const { authorId, auditId, id } = await existingPhoto(db, request.params);
      const { userId, role } = identityOf<Who>(request);
      if (role !== "admin" && authorId !== userId) {
        throw new Problem(403, "Not allowed", "Photos of others are removed by administrators.");
      }
      await deletePhoto(db, { auditId, photoId: id });
      await live.change({ tags: [`audit:${auditId}`] });
      response.json({ message: "Photo removed" });
    });

  return router;
}

/** Lets only those pass who may read the audit in the path: before anything is received. */
function onlyVisible(db: Database): express.RequestHandler<{ id: string }> {
  return async (request, _response, next) => {
    await visibleAudit(db, identityOf<Who>(request), request.params.id);
    next();
  };
}

/** Says it before anything is received; a body that does not say its length is cut off by the parser. */
const notTooLarge: express.RequestHandler = (request, _response, next) => {
  if (Number(request.headers["content-length"]) > PHOTO_BYTES) {
    throw new Problem(413, "Too large", `A photo has at most ${PHOTO_BYTES / 2 ** 20} MB.`);
  }
  next();
};

async function existingPhoto(db: Database, params: Request["params"]) {
  const place = { auditId: pathId(params["id"]), photoId: pathId(params["photoId"]) };
  const photo = await findPhoto(db, place);
  if (!photo) throw new Problem(404, "Not found", "There is no such photo.");
  return photo;
}

/** What a picture is by its first bytes, whatever the request calls it. */
function typeOf(picture: Buffer): PhotoType | undefined {
  const at = (from: number, to: number): string => picture.toString("latin1", from, to);
  if (at(0, 3) === "\xff\xd8\xff") return "image/jpeg";
  if (at(0, 8) === "\x89PNG\r\n\x1a\n") return "image/png";
  return at(0, 4) === "RIFF" && at(8, 12) === "WEBP" ? "image/webp" : undefined;
}
