import type { Message } from "./contract.ts";
import type { Database } from "./database/database.ts";
import { tag } from "./keys.ts";
import type { SchoolLive, Who } from "./live.ts";
import { readParents } from "./store/people.ts";
import { findStudents, writeMessage } from "./store/threads.ts";

/** Writes what a parent or teacher has to say about a student, by whichever way it came, and tells the others. */
export type Say = (who: Who, studentId: string, text: string) => Promise<Message>;

/** Makes the one way of writing messages, and takes those that come over sockets. */
export function openThreads(db: Database, live: SchoolLive): Say {
  const say: Say = async (who, studentId, text) => {
    const [student] = await findStudents(db, [studentId]);
    const message = await writeMessage(db, { studentId, fromId: who.userId, text });
    const parents = await readParents(db, [studentId]);
    const others = [student!.teacherId, ...parents.map(({ parentId }) => parentId)].filter(
      (userId) => userId !== who.userId,
    );
    await live.change({
      tags: [tag.thread(studentId), tag.classThreads(student!.classId)],
      emit: [
        live.event("thread/:studentId", { studentId }, "said", message),
        ...others.map((userId) =>
          live.notification(userId, "message", {
            ...{ studentId, student: student!.student, from: who.name, text: text.slice(0, 200) },
          }),
        ),
      ],
    });
    return message;
  };

  // Members of the channel only, and they were judged when they joined: whoever loses the right is put out of it.
  live.handle("thread/:studentId", {
    async say({ data, identity, params }) {
      const { id, at } = await say(identity as Who, params.studentId, data.text);
      return { id, at };
    },
  });
  return say;
}
