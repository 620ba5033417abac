// Parses workflows with GitHub's own parser, and asks for permissions that are said and actions that are pinned.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { register } from 'node:module';
import { parse } from 'yaml';

// The parser imports its schema without saying that it is JSON, which node wants to be told.
register('data:text/javascript,' + encodeURIComponent(
    "export const load = (url, context, next) => next(url, url.endsWith('.json') ? { ...context, importAttributes: { type: 'json' } } : context);"));
const { NoOperationTraceWriter, parseWorkflow } = await import('@actions/workflow-parser');

const problems = [];
const files = readdirSync(process.argv[2]).filter(name => name.endsWith('.yml'));
for (const name of files) {
    const content = readFileSync(join(process.argv[2], name), 'utf8');
    const { context } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
    problems.push(...context.errors.getErrors().map(error => `${name}: ${error.message}`));
    const workflow = parse(content);
    if (!workflow.permissions)
        problems.push(`${name}: says nothing of permissions`);
    for (const job of Object.values(workflow.jobs)) {
        if (!job['timeout-minutes'])
            problems.push(`${name}: a job without timeout-minutes`);
        for (const step of job.steps)
            if (step.uses && !/@(v\d+|[0-9a-f]{40})$/.test(step.uses))
                problems.push(`${name}: ${step.uses} is not pinned`);
    }
}
problems.forEach(problem => console.error(problem));
console.log(`${files.length} workflows, ${problems.length} problems`);
process.exit(files.length > 0 && problems.length === 0 ? 0 : 1);
