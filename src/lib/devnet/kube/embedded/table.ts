import {type ResourceType} from './resources.ts'
import {columnsOf} from './table-columns.ts'
import {type JsonObject, type KubeObject} from './types.ts'

/** Whether a client (kubectl get) asks for a Table. */
export function wantsTable(accept: string): boolean {
  return accept.split(',').some((part) => part.includes('as=Table') && part.includes('g=meta.k8s.io'))
}

/** How a table is made. */
export interface TableOptions {
  readonly now: number
  /** What each row carries: `None`, `Metadata` (default) or `Object`. */
  readonly includeObject: string
  /** Watches send the column definitions once. */
  readonly withColumns?: boolean
}

/** A `meta.k8s.io/v1` Table: the columns that kubectl shows. */
export function toTable(
  type: ResourceType,
  objects: readonly KubeObject[],
  metadata: JsonObject,
  options: TableOptions,
): JsonObject {
  const columns = columnsOf(type.resource)
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions:
      options.withColumns === false
        ? []
        : columns.map((column) => ({
            name: column.name,
            type: column.type ?? 'string',
            format: column.name === 'Name' ? 'name' : '',
            description: '',
            priority: column.wide ? 1 : 0,
          })),
    rows: objects.map((object) => ({
      cells: columns.map((column) => column.cell(object, options.now)),
      ...rowObject(object, options.includeObject),
    })),
  }
}

function rowObject(object: KubeObject, include: string): JsonObject {
  if (include === 'None') return {}
  if (include === 'Object') return {object}
  return {object: {kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata}}
}
