// Parses every .tf file under a folder with HashiCorp's HCL parser, and checks that modules are given variables that they have.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import hcl from '@cdktf/hcl2json';

const problems = [];
const modules = {};
let files = 0;
for (const path of readdirSync(process.argv[2], { recursive: true }).map(name => join(process.argv[2], name)).filter(path => path.endsWith('.tf') && statSync(path).isFile())) {
    files++;
    try {
        const parsed = await hcl.parse(path, readFileSync(path, 'utf8'));
        const module = modules[join(path, '..')] ??= { variables: {}, calls: [] };
        Object.assign(module.variables, parsed.variable);
        module.calls.push(...Object.values(parsed.module ?? {}).flat());
    } catch (error) {
        problems.push(`${path}: ${error.message}`);
    }
}
for (const [path, module] of Object.entries(modules))
    for (const { source, ...given } of module.calls) {
        const target = modules[join(path, source)];
        for (const name of Object.keys(given))
            if (!target?.variables[name])
                problems.push(`${path}: ${source} has no variable '${name}'`);
        for (const [name, [variable]] of Object.entries(target?.variables ?? {}))
            if (!('default' in variable) && !(name in given))
                problems.push(`${path}: ${source} needs '${name}'`);
    }
problems.forEach(problem => console.error(problem));
console.log(`${files} files, ${problems.length} problems`);
process.exit(files > 0 && problems.length === 0 ? 0 : 1);
