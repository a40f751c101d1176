import * as decide from "./decide.js";
import { listen } from "./keys.js";
import * as pulse from "./pulse.js";
import * as viewer from "./viewer.js";

const nextDocument = viewer.start();
listen({ d: nextDocument, n: () => document.getElementById("note_text")?.focus() });
pulse.start(document.getElementById("case"));
const form = document.getElementById("decision");
if (form) decide.start(form);
