import { httpUrls, text, whole } from '../forms.js';
import { SUBGRAPHS, setting } from '../setting.js';

/** Where the parts of the platform listen and find each other. */
export const ADDRESSES = {
  REGISTRY_URL: setting(httpUrls.optional(), {
    en: "the registry's `/graphql`, for whoever registers with it or follows it; several instances without a balancer: all of theirs, with commas",
    zh: '登记的 `/graphql` 地址,供注册者与跟随者使用;多实例且无负载均衡时列出全部,以逗号分隔',
    usedBy: ['gateway', 'catalog', 'acceptance', 'supervision', 'department'],
    neededBy: ['catalog', 'acceptance', 'supervision'],
  }),
  CATALOG_URL: setting(httpUrls.optional(), {
    en: "the catalogue's `/graphql`; several instances without a balancer: all of theirs, with commas",
    zh: '目录的 `/graphql` 地址;多实例且无负载均衡时列出全部,以逗号分隔',
    usedBy: ['acceptance', 'supervision'],
    neededBy: ['acceptance', 'supervision'],
  }),
  ACCEPTANCE_URL: setting(httpUrls.optional(), {
    en: "the ledger's `/graphql`; several instances without a balancer: all of theirs, with commas",
    zh: '台账的 `/graphql` 地址;多实例且无负载均衡时列出全部,以逗号分隔',
    usedBy: ['supervision'],
    neededBy: ['supervision'],
  }),
  SUBGRAPH_HOST: setting(text.default('127.0.0.1'), {
    en: 'the address a subgraph listens at; `0.0.0.0` in a container',
    zh: '子图监听的地址;容器中用 `0.0.0.0`',
    usedBy: SUBGRAPHS,
  }),
  SUBGRAPH_PORT: setting(whole(0, 65_535, 0), {
    en: 'its port; 0 lets the system choose',
    zh: '子图的端口;0 由系统选择',
    usedBy: SUBGRAPHS,
  }),
  PUBLIC_URL: setting(httpUrls.optional(), {
    en: 'the `/graphql` address that a subgraph registers, where others do not reach it by the one it listens at; several instances without a balancer: all of theirs, with commas, the same for each',
    zh: '子图登记的 `/graphql` 地址,他人不能以其监听地址到达时设置;多实例且无负载均衡时列出全部,以逗号分隔,各实例相同',
    usedBy: SUBGRAPHS,
  }),
};
