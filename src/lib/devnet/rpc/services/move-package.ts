import type {GrpcTypes as T} from '@mysten/sui/grpc'
import type {DevnetNode} from '../../ledger/api.ts'
import type {PackageBytecode} from '../../vm/api.ts'
import {type HandlerTable, unary} from '../dispatch.ts'
import {datatypeToProto, functionToProto, packageToProto} from '../proto/package.ts'
import {requireAddress} from '../proto/types.ts'
import {pageOf} from '../query/page.ts'
import {invalidArgument, missingField, notFound} from '../status.ts'

const service = 'sui.rpc.v2.MovePackageService'
const versionLimits = {defaultSize: 1000, maxSize: 10_000}

/** MovePackageService: what published packages look like. */
export function movePackageHandlers(node: DevnetNode): HandlerTable {
  function packageOf(id: string | undefined): PackageBytecode {
    const packageId = requireAddress(id, 'package_id')
    const object = node.getObject(packageId)
    if (object === undefined) throw notFound(`Package ${packageId} not found`)
    if (object.package === undefined) throw invalidArgument('object is not a package')
    return object.package
  }

  function moduleOf(request: {packageId?: string; moduleName?: string; name?: string}): {
    storageId: string
    module: string
    name: string
  } {
    const {moduleName: module, name} = request
    if (request.packageId === undefined) throw missingField('package_id')
    if (module === undefined) throw missingField('module_name')
    if (name === undefined) throw missingField('name')
    const {storageId, modules} = packageOf(request.packageId)
    if (!modules.has(module)) throw notFound(`module ${module} not found in package ${storageId}`)
    return {storageId, module, name}
  }

  return {
    [`${service}/GetPackage`]: unary((request: T.GetPackageRequest): T.GetPackageResponse => {
      return {package: packageToProto(node.vm, packageOf(request.packageId), true)}
    }),
    [`${service}/GetFunction`]: unary((request: T.GetFunctionRequest): T.GetFunctionResponse => {
      const {storageId, module, name} = moduleOf(request)
      const info = node.vm.moduleFunctions(storageId, module).find((candidate) => candidate.name === name)
      if (info === undefined) throw notFound(`function ${storageId}::${module}::${name} not found`)
      return {function: functionToProto(info)}
    }),
    [`${service}/GetDatatype`]: unary((request: T.GetDatatypeRequest): T.GetDatatypeResponse => {
      const {storageId, module, name} = moduleOf(request)
      const info = node.vm.moduleDatatypes(storageId, module).find((candidate) => candidate.name === name)
      if (info === undefined) throw notFound(`datatype ${storageId}::${module}::${name} not found`)
      return {datatype: datatypeToProto(info)}
    }),
    [`${service}/ListPackageVersions`]: unary(
      (request: T.ListPackageVersionsRequest): T.ListPackageVersionsResponse => {
        const asked = packageOf(request.packageId)
        const sorted = node.packageVersions(asked.originalId).map(({id, version}) => [id, version] as const)
        const {items, nextPageToken} = pageOf(sorted, request, {
          scope: `versions ${asked.originalId}`,
          keyOf: ([, version]) => String(version).padStart(20, '0'),
          render: ([packageId, version]) => ({packageId, version}),
          limits: versionLimits,
        })
        return {versions: items, nextPageToken}
      },
    ),
  }
}
