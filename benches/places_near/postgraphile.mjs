// PostGraphile over the schema `bench`, with a pool of connections; says on which port it listens, and a token that is good
// for what it answers: it takes the role of the token for each question, as its preset for tokens has it.
import { createServer } from "node:http";
import jwt from "jsonwebtoken";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { PgLazyJWTPreset } from "postgraphile/presets/lazy-jwt";

const pgJwtSecret = crypto.randomUUID();
const instance = postgraphile({
  extends: [PostGraphileAmberPreset, PgLazyJWTPreset],
  grafserv: { graphiql: false, watch: false, pgJwtSecret },
  pgServices: [
    makePgService({ connectionString: process.env.POSTGIS_URL, schemas: ["bench"], poolConfig: { max: 10 } }),
  ],
});
const server = createServer();
await instance.createServ(grafserv).addTo(server);
const token = jwt.sign({ role: "bench_holder" }, pgJwtSecret, { audience: "postgraphile", expiresIn: "1h" });
server.listen(0, "127.0.0.1", () => console.log(`${server.address().port} ${token}`));
