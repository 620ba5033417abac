// Checks rendered Kubernetes manifests: every field is one that the API has (@kubernetes/client-node's own tables), required fields
// and types are right (kubernetes-models' compiled schemas), and names that refer to each other meet.
//
//   node manifests.mjs RENDERED.yaml...
import { readFileSync } from 'node:fs';
import * as client from '@kubernetes/client-node';
import * as models from 'kubernetes-models';
import * as apps from 'kubernetes-models/apps/v1';
import * as autoscaling from 'kubernetes-models/autoscaling/v2';
import * as networking from 'kubernetes-models/networking.k8s.io/v1';
import * as policy from 'kubernetes-models/policy/v1';
import { parseAllDocuments } from 'yaml';

const core = models.v1;
const kinds = {
    'v1/ConfigMap': core.ConfigMap, 'v1/Service': core.Service, 'v1/ServiceAccount': core.ServiceAccount, 'v1/Secret': core.Secret,
    'apps/v1/Deployment': apps.Deployment, 'autoscaling/v2/HorizontalPodAutoscaler': autoscaling.HorizontalPodAutoscaler,
    'networking.k8s.io/v1/NetworkPolicy': networking.NetworkPolicy, 'networking.k8s.io/v1/Ingress': networking.Ingress,
    'policy/v1/PodDisruptionBudget': policy.PodDisruptionBudget,
};
// Kinds that the API server itself does not have: their contents are checked by other tools.
const foreign = new Set(['monitoring.coreos.com/v1/PrometheusRule']);
const problems = [];
let seen = 0;

for (const path of process.argv.slice(2)) {
    const documents = [];
    for (const document of parseAllDocuments(readFileSync(path, 'utf8'), { uniqueKeys: true })) {
        for (const error of [...document.errors, ...document.warnings])
            problems.push(`${path}: ${error.message}`);
        const manifest = document.toJS();
        if (manifest)
            documents.push(manifest);
    }
    const names = new Set();
    for (const manifest of documents) {
        seen++;
        const kind = `${manifest.apiVersion}/${manifest.kind}`;
        const where = `${path}: ${manifest.kind} ${manifest.metadata?.name}`;
        if (names.has(`${kind} ${manifest.metadata?.name}`))
            problems.push(`${where}: there twice`);
        names.add(`${kind} ${manifest.metadata?.name}`);
        if (foreign.has(kind))
            continue;
        if (!kinds[kind]) {
            problems.push(`${where}: no schema for ${kind}`);
            continue;
        }
        try {
            new kinds[kind](manifest).validate();
        } catch (error) {
            problems.push(`${where}: ${error.message}`);
        }
        const version = manifest.apiVersion.split('/').at(-1);
        fields(manifest, version[0].toUpperCase() + version.slice(1) + manifest.kind, where);
    }
    references(documents, path);
}

// Unknown fields, which an API server may drop in silence.
function fields(value, type, where) {
    const element = /^Array<(.+)>$/.exec(type)?.[1] ?? /^(?:Set)<(.+)>$/.exec(type)?.[1];
    if (element) {
        if (!Array.isArray(value))
            problems.push(`${where}: must be a list`);
        else
            value.forEach((one, n) => fields(one, element, `${where}[${n}]`));
        return;
    }
    const table = client[type]?.getAttributeTypeMap?.();
    if (!table)
        return;
    if (value === null || typeof value !== 'object' || Array.isArray(value)) {
        problems.push(`${where}: must be an object`);
        return;
    }
    for (const [name, child] of Object.entries(value)) {
        const known = table.find(one => one.baseName === name);
        if (!known)
            problems.push(`${where}.${name}: ${type} has no such field`);
        else
            fields(child, known.type, `${where}.${name}`);
    }
}

// What names something else of the same release has to find it; and what selects pods has to select some.
function references(documents, path) {
    const of = kind => documents.filter(one => one.kind === kind);
    const has = (kind, name) => of(kind).some(one => one.metadata.name === name);
    const pods = of('Deployment').map(one => one.spec.template.metadata.labels);
    const selects = labels => pods.some(pod => Object.entries(labels).every(([key, value]) => pod[key] === value));
    for (const deployment of of('Deployment')) {
        const where = `${path}: Deployment ${deployment.metadata.name}`;
        const spec = deployment.spec.template.spec;
        const container = spec.containers[0];
        if (!has('ServiceAccount', spec.serviceAccountName))
            problems.push(`${where}: there is no ServiceAccount ${spec.serviceAccountName}`);
        for (const { configMapRef } of container.envFrom.filter(one => one.configMapRef))
            if (!has('ConfigMap', configMapRef.name))
                problems.push(`${where}: there is no ConfigMap ${configMapRef.name}`);
        const variables = container.env.map(one => one.name);
        for (const twice of variables.filter((name, n) => variables.indexOf(name) !== n))
            problems.push(`${where}: ${twice} is set twice`);
        for (const mount of container.volumeMounts)
            if (!spec.volumes.some(volume => volume.name === mount.name))
                problems.push(`${where}: there is no volume ${mount.name}`);
        const security = container.securityContext;
        if (!(security.readOnlyRootFilesystem && security.allowPrivilegeEscalation === false && security.capabilities.drop.includes('ALL')
            && spec.securityContext.runAsNonRoot && spec.securityContext.seccompProfile.type === 'RuntimeDefault'))
            problems.push(`${where}: is not confined`);
        for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe'])
            if (!container.ports.some(port => port.name === container[probe].httpGet.port))
                problems.push(`${where}: ${probe} asks a port that is not there`);
        if (!selects(deployment.spec.selector.matchLabels))
            problems.push(`${where}: selects no pod`);
    }
    for (const one of [...of('Service'), ...of('PodDisruptionBudget'), ...of('NetworkPolicy')]) {
        const selector = one.spec.selector?.matchLabels ?? one.spec.podSelector?.matchLabels ?? one.spec.selector;
        if (!selects(selector))
            problems.push(`${path}: ${one.kind} ${one.metadata.name}: selects no pod`);
    }
    for (const one of of('HorizontalPodAutoscaler'))
        if (!has('Deployment', one.spec.scaleTargetRef.name))
            problems.push(`${path}: HorizontalPodAutoscaler ${one.metadata.name}: there is no Deployment ${one.spec.scaleTargetRef.name}`);
    for (const one of of('Ingress'))
        for (const rule of one.spec.rules)
            for (const { backend } of rule.http.paths)
                if (!has('Service', backend.service.name))
                    problems.push(`${path}: Ingress ${one.metadata.name}: there is no Service ${backend.service.name}`);
    // Who may reach whom is said at both ends: one without the other is a connection that hangs.
    for (const policy of of('NetworkPolicy'))
        for (const rule of policy.spec.egress ?? [])
            for (const { podSelector } of rule.to ?? []) {
                const target = podSelector && of('NetworkPolicy').find(one =>
                    one.spec.podSelector.matchLabels['app.kubernetes.io/name'] === podSelector.matchLabels['app.kubernetes.io/name'] && podSelector.matchLabels['app.kubernetes.io/instance']);
                if (target && !(target.spec.ingress ?? []).some(allowed => allowed.from.some(from =>
                    from.podSelector?.matchLabels['app.kubernetes.io/name'] === policy.spec.podSelector.matchLabels['app.kubernetes.io/name'])))
                    problems.push(`${path}: NetworkPolicy ${policy.metadata.name} may go to ${target.metadata.name}, which does not let it in`);
            }
}

for (const problem of problems)
    console.error(problem);
console.log(`${seen} manifests, ${problems.length} problems`);
process.exit(problems.length === 0 && seen > 0 ? 0 : 1);
