// PostGraphile over the schema `bench`, with a pool of connections; says on which port it listens.
import { createServer } from "node:http";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";

const instance = postgraphile({
  extends: [PostGraphileAmberPreset],
  grafserv: { graphiql: false, watch: false },
  pgServices: [
    makePgService({ connectionString: process.env.POSTGIS_URL, schemas: ["bench"], poolConfig: { max: 10 } }),
  ],
});
const server = createServer();
await instance.createServ(grafserv).addTo(server);
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
