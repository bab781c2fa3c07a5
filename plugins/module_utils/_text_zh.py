# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Chinese of every Text: English template -> Chinese template, in the order of the English."""

from __future__ import annotations

CHINESE: dict[str, str] = {
    " ": "",
    " (is {near} meant?)": "（是否应为 {near}？）",
    " The platform refused this at {time} Beijing time.": "微信拒绝请求的时间：北京时间 {time}。",
    " and ": "、",
    "# of ##": "# / ##",
    ", ": "、",
    ", and ": "；",
    "1 account": "1 个账号",
    ": ": "：",
    "; ": "；",
    "A change was about to be sent, and it may have been carried out. What became of it is not on record.": (
        "记录止于即将发出修改请求之时；请求可能已经执行，结果没有记录。"
    ),
    "A rollback to what there was before the run {run}.": "回滚到运行 {run} 之前的状态。",
    (
        "A secret or token of this run stands in what the account shows to everybody ({paths}). It is masked here. Take it out there, and "
        "reset it: others may have read it."
    ): (
        "该账号对外展示的内容中含有本次运行使用的密钥或令牌（{paths}），此处已隐藏。请将其从展示内容中删除，并重置该密钥或令牌："
        "它可能已被他人看到。"
    ),
    "A text behind !unsafe is no template: Ansible never evaluates it.": "标有 !unsafe 的文本不是模板，Ansible 不会对其求值。",
    "Account": "账号",
    "Account of unknown kind": "类型未知的账号",
    "Accounts": "账号",
    "Ansible could not read what the account has from a file of variables": "该账号的内容写入变量文件后，Ansible 无法正确读回",
    "AppID": "AppID",
    "Begun": "开始时间",
    "Changes that would be made: {counts}.": "正式运行时将会修改：{counts}。",
    "Changes: {counts}.": "修改：{counts}。",
    "Check mode: nothing was changed.": "检查模式：未做任何修改。",
    "Checked: {names}.": "已查询：{names}。",
    "Conditional menus": "个性化菜单",
    "Copied": "已复制",
    "Copy the names": "复制名称",
    "Declared menus": "声明的菜单",
    "Draft box": "草稿箱",
    "Draft box switch": "草稿箱开关",
    "Duration": "用时",
    "Errcode": "错误码",
    "Failed to {step}: {clauses}.": "未能{step}：{clauses}。",
    "File": "文件",
    "Filter": "筛选",
    "HTML escapes such as &amp;": "&amp; 之类的 HTML 转义",
    "Hosts that declare nothing, and took no part: {number:,}.": "没有声明任何内容、因而没有参与的主机：{number:,} 台。",
    "If something failed, correct that first. Then run again: it checks first.": "如有失败，请先解决，再重新运行（会先查询现状）。",
    "Inventory": "主机清单",
    "It can use these: {names}.": "可以使用：{names}。",
    "It cannot use these: {names}.": "不能使用：{names}。",
    "It is not known whether it can use these: {names}.": "不确定能否使用：{names}。",
    "Kind": "类型",
    "Last entry": "最后记录时间",
    "Last report": "上次状态",
    "Left out, because they withdrew their authorisation after they were listed: {appids}.": (
        "以下账号在读取列表之后取消了授权，已排除：{appids}。"
    ),
    "Menu": "菜单",
    "Menus that are not drawn, because the page would be too large or no phone can show them: {number:,}.": (
        "未绘制的菜单（页面会过大，或手机无法展示）：{number:,} 个。"
    ),
    "Name, AppID, code or text": "搜索名称、AppID、错误码或关键字",
    "Nickname": "昵称",
    "No account has changed.": "各账号的状态没有变化。",
    "No change of this account was begun. No more than that is on record.": "尚未开始修改该账号，此外没有其他记录。",
    "Not attempted: {clauses}.": "未执行：{clauses}。",
    "Not drawn: {number:,} more menus with these differences.": "另有 {number:,} 种菜单的差异相同，未绘制。",
    "Nothing is declared for this account; nothing was sent.": "没有为该账号声明任何内容，也没有发出任何请求。",
    "Nothing is known about the conditional menus.": "个性化菜单的状态未知。",
    "Nothing is known about the menu.": "菜单的状态未知。",
    "Open Platform accounts": "开放平台帐号管理",
    "Principal": "主体名称",
    "Reason": "原因类别",
    "Refused: {names}.": "被拒绝：{names}。",
    "Requests go to {host}, not to api.weixin.qq.com.": "请求发往 {host}，而不是 api.weixin.qq.com。",
    "Result": "结果",
    "Run": "运行编号",
    "Run again: it checks first.": "请重新运行（会先查询现状）。",
    "Run by": "运行用户",
    "Service account": "服务号",
    "Show only accounts with this text": "只显示包含此文字的账号",
    "Since the last report": "与上次报告相比",
    "Some lines of the record cannot be read. What they said is not in this report.": "记录中有些行无法读取，本报告不含这些行的内容。",
    "Stage": "批次",
    "Stages": "批次",
    "Subscription account": "公众号（订阅号）",
    "Tags": "标签",
    "Tags have been changed: {clauses}.": "标签已修改（{clauses}）。",
    "Tags of the account: {count:,}.": "该账号有 {count:,} 个标签。",
    "Tags that would be changed without check mode: {clauses}.": "正式运行时将会修改标签（{clauses}）。",
    "The account has a menu that is not declared; without check mode it would be deleted.": (
        "该账号有未声明的菜单；正式运行时将会删除该菜单。"
    ),
    "The account has conditional menus: {number}.": "该账号有 {number} 个个性化菜单。",
    "The account has no conditional menus.": "该账号没有个性化菜单。",
    "The account has no menu from the API; nothing was changed.": "该账号没有通过接口设置的菜单，未做修改。",
    "The account has no menu from the API; nothing was changed; a menu that was made in the console is shown.": (
        "该账号没有通过接口设置的菜单，未做修改；当前展示的是在后台设置的菜单。"
    ),
    "The account has no menu from the API; without check mode it would be set.": "该账号没有通过接口设置的菜单；正式运行时将会设置菜单。",
    "The account shows a menu that was made in the console.": "该账号展示的是在后台设置的菜单。",
    "The account shows a menu; whether it was made in the console or by API is not known.": (
        "该账号展示了菜单；无法确定菜单是在后台设置的，还是通过接口设置的。"
    ),
    "The account shows no menu.": "该账号没有展示菜单。",
    "The conditional menus are as declared; nothing was changed.": "个性化菜单与声明一致，未做修改。",
    "The conditional menus are not as declared; without check mode, {added} would be added and {deleted} deleted.": (
        "个性化菜单与声明不一致；正式运行时将会新增 {added} 个，删除 {deleted} 个。"
    ),
    "The conditional menus have been changed: {added} added, {deleted} deleted.": "个性化菜单已修改：新增 {added} 个，删除 {deleted} 个。",
    "The conditional menus were not as declared and are now, but not by this task.": (
        "个性化菜单原先与声明不一致，现已一致，但不是由本任务修改的。"
    ),
    "The draft box is already on; nothing was changed.": "草稿箱此前已开启，未做修改。",
    "The draft box is off.": "草稿箱未开启。",
    "The draft box is off; without check mode it would be turned on, which cannot be undone.": (
        "草稿箱未开启；正式运行时将会开启，且不可撤销。"
    ),
    "The draft box is on.": "草稿箱已开启。",
    "The draft box was off and has been turned on, which cannot be undone.": "草稿箱原先未开启，现已开启，且不可撤销。",
    "The draft box was off and is on now, but not by this task.": "草稿箱原先未开启，现已开启，但不是由本任务开启的。",
    "The failed call came at {time} Beijing time.": "该次失败的调用发生在北京时间 {time}。",
    "The failed call came at {time} Beijing time: {clauses}.": "该次失败的调用发生在北京时间 {time}：{clauses}。",
    "The failed call: {clauses}.": "该次失败的调用：{clauses}。",
    "The inventory cache is not used, and the platform is asked: it holds what this plugin did not write.": (
        "未使用主机清单缓存，改为向微信查询：缓存中有并非由本插件写入的内容。"
    ),
    (
        "The inventory cache is not used, and the platform is asked: others than this user and root can write to {others}. Set "
        "cache_connection to a folder that only this user can write to."
    ): (
        "未使用主机清单缓存，改为向微信查询：除当前用户和 root 外，其他用户也可以写入 {others}。请将 cache_connection "
        "设为只有当前用户可写的目录。"
    ),
    "The last report is of {time}.": "上次报告的时间：{time}。",
    "The list of authorised accounts is incomplete: {what}. The others are used; {remedy}.": (
        "已授权账号的列表不完整：{what}。其余账号照常使用；{remedy}。"
    ),
    "The menu differs ({paths}); without check mode it would be changed.": "菜单与声明不一致（{paths}）；正式运行时将会修改。",
    "The menu has been changed ({paths}).": "菜单已修改（{paths}）。",
    "The menu has been deleted.": "菜单已删除。",
    "The menu has been set.": "菜单已设置。",
    "The menu has buttons that were made in the console.": "菜单中有在后台设置的按钮。",
    "The menu is as declared; nothing was changed.": "菜单与声明一致，未做修改。",
    "The menu was made by API.": "菜单是通过接口设置的。",
    "The menu was not as declared and is now, but not by this task.": "菜单原先与声明不一致，现已一致，但不是由本任务修改的。",
    (
        "The platform answers that draft/switch is no longer offered. It has announced that every account's draft box is on by then, so "
        "is_open is true, but not verified. The task is no longer needed."
    ): (
        "微信返回：draft/switch 接口已不再提供。微信此前公告，届时所有账号的草稿箱均已开启，因此 is_open 为 true，但未经核实。"
        "此任务已不再需要。"
    ),
    "The platform no longer offers this call and says that every draft box is on": "微信已不再提供此接口，并称所有账号的草稿箱均已开启",
    "The platform's message": "微信返回的信息",
    "The tags are as declared; nothing was changed.": "标签与声明一致，未做修改。",
    "The tags were not as declared and are now, but not by this task.": "标签原先与声明不一致，现已一致，但不是由本任务修改的。",
    "There is nothing to declare, so no file is written.": "没有可声明的内容，因此没有写入文件。",
    "This account failed, as the task before says.": "该账号失败，原因见前一个任务。",
    "This account is not what it declares. {msg}": "该账号与声明不一致。{msg}",
    "Verified until": "认证有效期至",
    "Versions": "版本",
    "WeChat accounts": "微信账号",
    "WeChat store": "微信小店",
    "What WeChat accounts can use": "微信账号可使用的功能",
    "What became of this account is not on record.": "该账号的结果没有记录。",
    "What the account has, by the playbook wxops.official_account.export.": (
        "该账号的现有内容，由 playbook wxops.official_account.export 写入。"
    ),
    "What to do": "处理办法",
    "What to do: {number}": "处理办法 {number}",
    "What was changed": "修改的内容",
    "What was found": "查询结果",
    "What was found and done": "查询和执行结果",
    "What would change": "将会修改的内容",
    "Wi-Fi": "微信连 Wi-Fi",
    "a backquote": "反引号",
    "a backslash": "反斜杠",
    "a change was sent": "修改请求已发出",
    "a conditional menu is for the tag {name}, and would be for nobody": (
        "有个性化菜单使用标签「{name}」，删除标签后该菜单将不再对任何人展示"
    ),
    "a date": "是日期",
    "a dict": "是字典",
    "a double quote": "双引号",
    "a group": "带 sub_button 的按钮",
    "a key of {path}": "{path}（键名）",
    "a later check still shows the account as it was": "之后查询到的账号仍与原先一样",
    "a later check still shows the conditional menus as they were": "之后查询到的个性化菜单仍与原先一样",
    "a later check still shows the draft box off": "之后查询到的草稿箱仍未开启",
    "a later check still shows the menu as it was": "之后查询到的菜单仍与原先一样",
    "a later check still shows the tags as they were": "之后查询到的标签仍与原先一样",
    "a list": "是列表",
    "a mini program of the menu is not linked to the account": "菜单中有小程序未关联该账号",
    "a number": "是数字",
    "a rollback needs the records of the runs": "回滚需要以往运行的记录",
    "a slash after the host": "主机名之后的斜杠",
    "a space": "空格",
    "a text": "是字符串",
    "a {kind} button": " {kind} 按钮",
    "account": "账号无权限",
    "account service": "帐号服务",
    "accounts is given together with {others}": "accounts 不能与 {others} 同时提供",
    "accounts of this kind may not have conditional menus": "此类账号不能使用个性化菜单",
    "accounts of this kind may not use the call": "此类账号不能使用该接口",
    "accounts: {accounts:,}": "{accounts:,} 个账号",
    "accounts: {accounts:,}, failed: {failed:,}": "{accounts:,} 个账号，{failed:,} 个失败",
    "add a conditional menu": "新增个性化菜单",
    "add {addresses} to the account's IP allow list, and run again after about 5 minutes; the list is {secret_and_list}": (
        "请在该账号的 API IP 白名单中添加：{addresses}，约 5 分钟后重新运行；位置：{secret_and_list}"
    ),
    "add {addresses} to the third-party platform's IP allow list, and run again after about 5 minutes; the list is {component}": (
        "请在第三方平台的 IP 白名单中添加：{addresses}，约 5 分钟后重新运行；位置：{component}"
    ),
    "after": "修改后",
    "album": "微信相册发图",
    "an AppID or a token did not arrive": "微信没有收到 AppID 或令牌",
    "an earlier account failed for a reason that holds for every account": "前面的账号失败，且原因适用于所有账号",
    "an entry of keyed_groups has no prefix, so the owner of an account could name any group, such as localhost": (
        "keyed_groups 中有一项没有 prefix，账号所有者因此可以生成任意名称的组，例如 localhost"
    ),
    "an unexpected {kind} in this collection": "本 collection 内部出现意外的 {kind}",
    "an unknown key, which is not shown": "未知的键（此处不显示）",
    "and {number:,} more odd entries": "另有 {number:,} 条异常",
    "and {number:,} more that are not on record": "另有 {number:,} 处没有记录",
    "api_url holds user info, a query or a fragment": "api_url 中含有用户名密码、查询参数或片段标识",
    "api_url is neither http nor https": "api_url 既不是 http 也不是 https",
    "api_url is not a URL": "api_url 不是 URL",
    "api_url is plain http: anyone on the network path can read the tokens and secrets in the requests.": (
        "api_url 使用未加密的 http：网络链路上的任何人都能看到请求中的令牌和密钥。"
    ),
    "apply for subscription notices (订阅通知) {notices}; only verified accounts can have them": (
        "请在{notices}申请开通订阅通知；只有已认证的账号可以开通"
    ),
    "apply for template messages (模板消息) {notices}; only verified service accounts can have them": (
        "请在{notices}申请开通模板消息；只有已认证的服务号可以开通"
    ),
    "article": "图文消息",
    "as declared": "与声明一致",
    "as the platform says": "以微信说明为准",
    "ask the platform's support how to switch them on": "请咨询微信官方如何开启",
    "ask with the account that made the call": "请使用发起该调用的账号查询",
    "attempt": "执行",
    "back to the state before run {run}": "恢复到运行 {run} 之前的状态",
    "before": "修改前",
    "begin parent_group with words of your own": "请让 parent_group 以固定的文字开头",
    "broadcasts and notices": "群发与通知",
    "button is empty; leave a conditional menu out that is not needed": "button 为空；如不需要这个个性化菜单，请直接去掉",
    "button is empty; to have no menu, declare absent, not an empty menu": "button 为空；如不需要菜单，请声明 absent，而不是空菜单",
    "button is {kind}; give a list": "button {kind}，应为列表",
    "ca_path is not a readable file of CA certificates in PEM format": "ca_path 不是可读的 PEM 格式 CA 证书文件",
    "camera": "系统拍照发图",
    "camera or album": "拍照或相册发图",
    "capitals in the host": "主机名的大小写",
    "cards": "微信卡券",
    "change": "修改请求",
    "change that menu first, or set delete_in_use to true": "请先修改该个性化菜单，或将 delete_in_use 设为 true",
    "change the account": "修改账号",
    "change the conditional menus": "修改个性化菜单",
    "change the menu": "修改自定义菜单",
    "change the tags": "修改标签",
    "changed": "本次已修改",
    "check api_url (https, host, port), and any proxy between this host and the platform": (
        "请检查 api_url（https、主机、端口），以及本机与微信之间的代理"
    ),
    "check api_url and any proxy between; if both are right, report it as a bug of this collection": (
        "请检查 api_url 和中间的代理；如果都没有问题，请将此作为本 collection 的缺陷反馈"
    ),
    "check api_url, ca_path, and the proxies and REQUESTS_CA_BUNDLE in the environment": (
        "请检查 api_url、ca_path，以及环境变量中的代理和 REQUESTS_CA_BUNDLE"
    ),
    "check api_url; if a CA of your own signs there, give it as ca_path or REQUESTS_CA_BUNDLE": (
        "请检查 api_url；如果证书由自建 CA 签发，请用 ca_path 或 REQUESTS_CA_BUNDLE 指定该 CA"
    ),
    "check appid and component_appid": "请检查 appid 和 component_appid",
    "check appid; the AppID is {basic}": "请检查 appid；AppID 见：{basic}",
    "check component_appid, and what a proxy between does to the request": "请检查 component_appid，以及中间的代理是否改动了请求",
    "check component_appid; it is {component}": "请检查 component_appid；位置：{component}",
    "check secret; if the AppSecret is lost, reset it, which makes the old one invalid at once; it is {secret_and_list}": (
        "请检查 secret；如果 AppSecret 已遗失，可以重置，重置后旧的立即失效；位置：{secret_and_list}"
    ),
    "check the domain of each url": "请检查每个 url 的域名",
    "check the domains of the menu's urls ({hosts})": "请检查菜单中 url 的域名（{hosts}）",
    "check the ids; only permanent ones can be used": "请检查这些 ID；只能使用永久素材的 ID",
    "check the inventory (ansible-inventory --graph) and --limit": "请检查主机清单（ansible-inventory --graph）和 --limit",
    "check the pattern of the hosts, and the name of the run": "请检查主机匹配模式和运行编号",
    "check the proxy in the environment (HTTPS_PROXY, NO_PROXY)": "请检查环境变量中的代理（HTTPS_PROXY、NO_PROXY）",
    "check this host's network, and api_url": "请检查本机的网络和 api_url",
    "check which APIs the account has, {apis}; many need an account that is verified": (
        "请查看该账号拥有哪些接口权限：{apis}；许多接口要求账号已认证"
    ),
    "check which APIs the account has, {apis}; only subscription and service accounts can have those of the draft box": (
        "请查看该账号拥有哪些接口权限：{apis}；只有订阅号和服务号才有草稿箱的接口权限"
    ),
    "city services": "城市服务",
    "component_access_token is not a token": "component_access_token 的格式不正确",
    "component_appid is not wx and 16 hexadecimal characters": "component_appid 不是 wx 加 16 位十六进制字符",
    "composed characters": "组合字符",
    "concurrency is not between 1 and {max_concurrency}": "concurrency 不在 1 和 {max_concurrency} 之间",
    "conditional menus are switched off for this account": "该账号的个性化菜单功能已关闭",
    "conditional_menus cannot be used: {listed}": "conditional_menus 无法使用：{listed}",
    "conditional_menus has no menus; give a list, the strongest first": "conditional_menus 中没有 menus；请提供列表，优先级高的在前",
    "conditional_menus is declared together with menu: absent, which deletes them": (
        "conditional_menus 与 menu: absent 同时声明，而删除菜单会将个性化菜单一并删除"
    ),
    "conditional_menus is empty; to remove all conditional menus, declare absent": (
        "conditional_menus 为空；如需删除全部个性化菜单，请声明 absent"
    ),
    "conditional_menus is for the tag {tag}, which tags deletes or renames": (
        "conditional_menus 使用了标签「{tag}」，而 tags 会将其删除或重命名"
    ),
    "conditional_menus is given together with state: absent": "conditional_menus 不能与 state: absent 同时提供",
    "conditional_menus is {kind}; give a list, the strongest first, or absent": (
        "conditional_menus {kind}，应为列表（优先级高的在前）或 absent"
    ),
    "conflict": "冲突",
    "copy the AppID of the third-party platform from open.weixin.qq.com": "请从微信开放平台（open.weixin.qq.com）复制第三方平台的 AppID",
    "copy the AppID, and take care not to swap it with the AppSecret; the AppID is {basic}": (
        "请复制 AppID，注意不要与 AppSecret 混淆；AppID 见：{basic}"
    ),
    "copy the AppSecret whole; it is not shown here": "请完整复制 AppSecret；它不会在此显示",
    "copy the rid whole, as errmsg has it": "请完整复制 errmsg 中的 rid",
    "copy what you need from console_menu, then set replace_console_menu to true": (
        "请先从 console_menu 中保存所需内容，再将 replace_console_menu 设为 true"
    ),
    "correct conditional_menus": "请修正 conditional_menus",
    "correct conditional_menus or tags": "请修正 conditional_menus 或 tags",
    "correct conditional_menus, or make the tags first, with tags or with the module wechat_tags": (
        "请修正 conditional_menus，或先通过 tags 或模块 wechat_tags 创建标签"
    ),
    "correct it, as the documentation of wechat_account says": "请按 wechat_account 的文档修正",
    "correct it, such as http://proxy.example.com:3128, or unset it, on the host that the requests leave from": (
        "请在发出请求的主机上修正该变量（例如 http://proxy.example.com:3128），或取消设置"
    ),
    "correct its template in the inventory file": "请修正主机清单文件中对应的模板",
    "correct menu": "请修正 menu",
    "correct or unset it on the host that the requests leave from": "请在发出请求的主机上修正该变量，或取消设置",
    "correct or unset it on the host that the requests leave from, or give ca_path": (
        "请在发出请求的主机上修正该变量或取消设置，或改用 ca_path"
    ),
    "correct rename; or leave it out, and declare {new} as present": "请修正 rename；或者去掉 rename，将「{new}」声明为 present",
    "correct tags": "请修正 tags",
    "correct that first, then run again: it checks first": "请先解决该问题，再重新运行（会先查询现状）",
    "correct the name, or leave it out": "请修正标签名，或将其去掉",
    "correct the option that the message names": "请修正提示中指出的选项",
    "correct these accounts; their secrets and tokens are not shown here": "请修正这些账号；它们的密钥和令牌不会在此显示",
    "correct what stopped the run, then run again ({remedy})": "请先解决导致运行中止的问题，再重新运行（{remedy}）",
    "correct what stopped the run, then run again ({what}: {remedy})": "请先解决导致运行中止的问题，再重新运行（{what}：{remedy}）",
    "correct {name}; ansible HOST -i INVENTORY -m ansible.builtin.debug -a var={name} shows why": (
        "请修正 {name}；运行 ansible HOST -i INVENTORY -m ansible.builtin.debug -a var={name} 可查看原因"
    ),
    "create a tag": "创建标签",
    "created: {names}": "新建：{names}",
    "credential": "令牌失效",
    "custom menu": "自定义菜单",
    "customer service": "客服",
    "customer service of several agents": "微信多客服",
    "declare a menu, or conditional_menus: absent": "请声明菜单，或声明 conditional_menus: absent",
    "declare fewer of them": "请减少声明的数量",
    "declare it as the platform keeps it: conditional_menus in the result has it; until then, each run adds it again": (
        "请按微信保存的写法声明（见返回值中的 conditional_menus）；否则每次运行都会再次新增"
    ),
    "declare menus with fewer domains; or set replace_in_place to true, and let the platform decide": (
        "请减少菜单中的域名；或将 replace_in_place 设为 true，由微信判断"
    ),
    "declare these texts as the platform keeps them: menu in the result has them; until then, each run sends the menu again": (
        "请按微信保存的写法声明这些文字（见返回值中的 menu）；否则每次运行都会再次发送菜单"
    ),
    "define {undefined}, or correct {name}": "请定义 {undefined}，或修正 {name}",
    "delete a conditional menu": "删除个性化菜单",
    "delete a tag": "删除标签",
    "delete one that nobody needs, then run again": "请删除不再需要的标签后重新运行",
    "delete the menu": "删除自定义菜单",
    "deleted": "已删除",
    "deleted: {names}": "删除：{names}",
    "differences: {number:,}": "{number:,} 处不同",
    "different menus: {number:,}": "不同的菜单：{number:,} 种",
    "differs": "有差异",
    "does not name a file that can be written": "指定的不是可写的文件",
    "does not name a readable file of CA certificates in PEM format": "指定的不是可读的 PEM 格式 CA 证书文件",
    "draft_switch is neither present nor absent": "draft_switch 既不是 present 也不是 absent",
    "each takes up to {each} open files, and of the {files} that this process may have {open_now} are open and {kept} are kept free": (
        "每个账号最多需要 {each} 个打开的文件；本进程最多可打开 {files} 个，已打开 {open_now} 个，并预留 {kept} 个"
    ),
    "electronic invoices": "微信电子发票",
    "empty": "为空",
    "en": "zh-CN",
    "enabling request": "开启请求",
    "entry {position:,} has no usable AppID": "第 {position:,} 条没有可用的 AppID",
    "entry {position:,} is {appid} again": "第 {position:,} 条与前面的 {appid} 重复",
    "event": "点击推事件",
    "every planned change was made, and more are needed now, so somebody else is changing it too": (
        "计划的修改均已完成，但现在又需要更多修改，说明还有其他程序在修改"
    ),
    "every service account has menus": "服务号都可以使用菜单",
    "every verified account has menus and tags": "已认证的账号都可以使用菜单和标签",
    "everybody else": "其他所有用户",
    "export {appid} and {secret}, or only {access_token}; in a task, give appid and secret, or only access_token": (
        "请设置环境变量 {appid} 和 {secret}，或只设置 {access_token}；在任务中则提供 appid 和 secret，或只提供 access_token"
    ),
    "failed": "失败",
    "find out what else changes this account, then run again: it checks first": (
        "请查明还有什么程序在修改该账号，然后重新运行（会先查询现状）"
    ),
    "find out what else sets this account's conditional menus, then run again: it checks first": (
        "请查明还有什么程序在设置该账号的个性化菜单，然后重新运行（会先查询现状）"
    ),
    "find out what else sets this account's menu, then run again: it checks first": (
        "请查明还有什么程序在设置该账号的菜单，然后重新运行（会先查询现状）"
    ),
    "find that tag {notices}, rename or delete it there, then run again": "请在{notices}查看该标签，将其重命名或删除，再重新运行",
    "find what mixes up answers between this host and the platform: check api_url, proxies and gateways, then run again": (
        "请检查 api_url 以及本机与微信之间的代理和网关，找出弄错响应的环节，然后重新运行"
    ),
    "get an access_token": "获取 access_token",
    "get an authorizer_access_token": "获取 authorizer_access_token",
    "give 0 or more retries": "请将 retries 设为 0 或更大的数",
    "give a folder on the host that runs Ansible; a relative one starts where Ansible was started": (
        "请提供运行 Ansible 的主机上的目录；相对路径以启动 Ansible 时所在的目录为准"
    ),
    "give a fresh access_token of this very account; appid and secret instead of a token let the module fetch one": (
        "请提供该账号最新的 access_token；也可以改为提供 appid 和 secret，由模块自行获取"
    ),
    "give a list of dicts with the keys {names}": "请提供由字典组成的列表，字典的键为 {names}",
    "give a number such as 32": "请提供数字，例如 32",
    "give a text: quote it, or use | string": "请提供字符串：加引号，或使用 | string",
    "give a text; quote it": "请提供字符串，并加引号",
    "give a timeout such as 10": "请提供超时时间，例如 10",
    "give a whole number, such as 300, or enter, to wait until somebody presses Enter": (
        "请提供整数，例如 300；或 enter，表示等待有人按回车"
    ),
    "give appid and secret, or only access_token, in the task": "请在任务中提供 appid 和 secret，或只提供 access_token",
    "give both appid and secret, and check what a proxy between does to the request": (
        "请同时提供 appid 和 secret，并检查中间的代理是否改动了请求"
    ),
    (
        "give component_appid and component_access_token in the inventory file, or WECHAT_COMPONENT_APPID and "
        "WECHAT_COMPONENT_ACCESS_TOKEN in the environment"
    ): (
        "请在主机清单文件中提供 component_appid 和 component_access_token，或在环境变量中提供 WECHAT_COMPONENT_APPID 和 "
        "WECHAT_COMPONENT_ACCESS_TOKEN"
    ),
    "give each account its credentials within accounts": "请在 accounts 中为每个账号提供凭据",
    "give each account its own name": "请为每个账号提供不同的名称",
    "give each entry a prefix": "请为每一项提供 prefix",
    "give either access_token, or appid and secret, or appid and a third-party platform": (
        "请提供 access_token，或 appid 和 secret，或 appid 和第三方平台"
    ),
    "give either {access_token}, or {appid} and {secret}": "请提供 {access_token}，或 {appid} 和 {secret}",
    "give it a name": "请提供名称",
    "give it a name without / and control characters, which does not end like that of a YAML or JSON file": (
        "请使用不含 / 和控制字符、且不以 YAML 或 JSON 文件扩展名结尾的名称"
    ),
    "give it a short and plain name": "请使用简短的普通名称",
    "give it as errmsg has it, such as {rid}": "请按 errmsg 中的形式填写，例如 {rid}",
    "give it as the third-party platform's list of authorised accounts has it, or leave it out; it is not shown here": (
        "请按第三方平台的已授权账号列表提供，或不提供；它不会在此显示"
    ),
    "give one of them, or leave it out": "请提供其中之一，或不提供",
    "give one such as /cgi-bin/menu/create": "请使用类似 /cgi-bin/menu/create 的路径",
    "give one such as {default_url}": "请提供类似 {default_url} 的地址",
    "give paths such as /cgi-bin/menu/create, without a host and without a query": (
        "请使用类似 /cgi-bin/menu/create 的路径，不带主机名和查询参数"
    ),
    "give present, or leave it out": "请提供 present，或不提供",
    "give rollback_to: {run}": "请提供 rollback_to，其值为{run}",
    "give the account's own access_token or its authorizer_access_token, not a component_access_token": (
        "请提供该账号自己的 access_token 或 authorizer_access_token，而不是 component_access_token"
    ),
    "give the host wechat_appid and wechat_secret, or only wechat_access_token": (
        "请为该主机提供 wechat_appid 和 wechat_secret，或只提供 wechat_access_token"
    ),
    "give the hosts names that differ in more than case": "请为这些主机改名：主机名不能只有大小写不同",
    "give the hosts one of these variables: {names}": "请为主机提供以下变量之一：{names}",
    "give the number or the percentage of accounts for each stage, such as 1,10%,100%": "请提供每个批次的账号数量或百分比，例如 1,10%,100%",
    "give the path of one on the host that the calls leave from": "请提供发出请求的主机上的证书文件路径",
    "give the right vault password, for example with --vault-id": "请提供正确的 vault 密码，例如使用 --vault-id",
    "give the token itself; it is not shown here": "请提供令牌本身；它不会在此显示",
    "give the user that runs Ansible more processes (ulimit -u), or run with fewer forks": (
        "请为运行 Ansible 的用户调高进程数的限制（ulimit -u），或减少 forks"
    ),
    "give {missing} next to {given}": "提供 {given} 时，请一并提供 {missing}",
    "give {missing} next to {given}; for an account that has authorised a third-party platform, give {component} instead": (
        "提供 {given} 时，请一并提供 {missing}；如果账号已授权给第三方平台，请改为提供 {component}"
    ),
    "give {missing} too, or {variable} in the environment": "请同时提供 {missing}，或在环境变量中提供 {variable}",
    "give {run}": "请提供{run}",
    "give {variable}, a folder; the playbook export calls it export_dir": (
        "请用 {variable} 指定一个目录；在 playbook export 中，该变量名为 export_dir"
    ),
    "give {variable}, the folder of the runs": "请提供 {variable}，即保存运行记录的目录",
    "guess": "推测",
    "have the account verified {notices}, and turn on customer service (客服功能) there": (
        "请在{notices}为该账号办理微信认证，并开通客服功能"
    ),
    (
        "have the account verified {notices}, which only companies and organisations can: only service accounts and verified subscription "
        "accounts may; or leave the account out"
    ): "只有服务号和已认证的订阅号才能使用此接口：请在{notices}为该账号完成认证（仅企业和组织可以认证），或将该账号移出本次运行",
    (
        "have the account verified {notices}, which only companies and organisations can; an account that is not verified cannot use "
        "these: {names}"
    ): "请在{notices}为该账号办理微信认证（仅限企业和组织）；未认证的账号不能使用：{names}",
    (
        "have the account verified {notices}, which only companies and organisations can; since July 2025 personal and unverified accounts "
        "may not publish by API; or publish there by hand"
    ): (
        "请在{notices}为该账号办理微信认证（仅限企业和组织）；自 2025 年 7 月起，个人账号和未认证的账号不能通过接口发布；"
        "也可以在后台手工发布"
    ),
    "have the account verified {notices}: only verified accounts may; or leave the account out": (
        "只有已认证的账号才能使用标签接口：请在{notices}为该账号完成认证，或将该账号移出本次运行"
    ),
    "have the account's administrator authorise the third-party platform again, with {permission}": (
        "请联系该账号的管理员重新授权给第三方平台，并勾选以下权限集：{permission}"
    ),
    "have the account's administrator authorise the third-party platform, with {permission}, or leave the account out": (
        "请该账号的管理员授权给第三方平台（或将该账号移出本次运行），并勾选以下权限集：{permission}"
    ),
    "have the account's administrator confirm this address in WeChat, then run again": "请该账号的管理员在微信中确认此 IP，然后重新运行",
    "have the platform check the server's URL": "让微信检测服务器地址",
    (
        "have the third-party platform offer {permission}, and the account's administrator scan the authorisation code again; the "
        "permission sets that it offers are {component}"
    ): "请在第三方平台中开通以下权限集，再请该账号的管理员重新扫码授权：{permission}；第三方平台的权限集见：{component}",
    "have the third-party platform's service exchange the account's authorization code, or its administrator authorise again": (
        "请第三方平台的服务用该账号的授权码换取令牌，或请该账号的管理员重新授权"
    ),
    "hostname is {hostname} without details": "hostname 为 {hostname}，但没有 details",
    "hosts that cannot be used: {hosts}": "无法使用的主机：{hosts}",
    "hosts that declare nothing: {number:,}": "没有声明任何内容的主机：{number:,} 台",
    "hosts that get nothing back: {number:,}": "没有内容需要恢复的主机：{number:,} 台",
    (
        "if the menu was set by API a moment ago, run again in a few minutes; otherwise copy what you need from console_menu, then set "
        "replace_console_menu to true"
    ): "如果刚刚通过接口设置过菜单，请几分钟后重新运行；否则请先从 console_menu 中保存所需内容，再将 replace_console_menu 设为 true",
    "install PySocks in the Python that sends the requests, or use an HTTP proxy": "请在发出请求的 Python 中安装 PySocks，或改用 HTTP 代理",
    "install it there, or, for a task, set ansible_python_interpreter to a Python that has it": (
        "请在该主机上安装；对于任务，也可以将 ansible_python_interpreter 设为装有它的 Python"
    ),
    "irreversible": "不可撤销",
    "is empty": "为空",
    "is not 32 hexadecimal characters": "不是 32 位十六进制字符",
    "is not a token": "的格式不正确",
    "is not a token: 8 to 512 printable characters without a space": "的格式不正确：应为 8 至 512 个可见字符，不含空格",
    "is not the URL of a proxy that can be used": "不是可用的代理 URL",
    "is not wx and 16 hexadecimal characters": "不是 wx 加 16 位十六进制字符",
    "is {near} meant? An account has the keys {names}": "是否应为 {near}？账号的键有 {names}",
    "it had another AppID then": "当时的 AppID 不同",
    "it has menus and is not verified, as only service accounts are": "未认证却可以使用菜单，而只有服务号如此",
    "it has tags, as only verified accounts and test accounts do": "可以使用标签，而只有已认证的账号和测试号如此",
    "it has template messages, as only service accounts and test accounts do": "可以使用模板消息，而只有服务号和测试号如此",
    "it is not in this play": "不在此 play 中",
    "it is not said which run to go back before": "没有指定要恢复到哪次运行之前",
    "it was changed at another api_url": "当时的 api_url 不同",
    "it was not asked": "未查询",
    "its spelling": "写法",
    "keep one of them in the inventory": "主机清单中请只保留其中一个",
    "keep one of those that are the same account": "同一个账号请只保留一个",
    "language is neither en nor zh": "language 既不是 en 也不是 zh",
    "leave authorizer_refresh_token out, so that it is read from the third-party platform's list; if it was, run again": (
        "请不要提供 authorizer_refresh_token，模块会从第三方平台的已授权账号列表中读取；如果本来就没有提供，请重新运行"
    ),
    "leave it out": "请将其去掉",
    "leave one of the two out": "请去掉其中一个",
    "leave one of the two out, and run again": "请去掉其中一个，然后重新运行",
    "leave the account out": "请将该账号移出本次运行",
    "leave the account out: only subscription and service accounts have a draft box": (
        "请将该账号移出本次运行：只有订阅号和服务号才有草稿箱"
    ),
    "leave the path out": "请去掉该路径",
    "leave them out, as in {default_url}": "请去掉它们，例如 {default_url}",
    "leave this part out of menu": "请从 menu 中去掉这一部分",
    "link {which} to the account {notices} first, then run again": "请先在{notices}将{which}关联到该账号，然后重新运行",
    "list the third-party platform's authorised accounts": "读取第三方平台的已授权账号列表",
    "location": "发送位置",
    "look errcode {code} up in the platform's documentation, or ask its support with the rid": (
        "请在微信官方文档中查询错误码 {code}，或凭 rid 咨询微信官方"
    ),
    "look the account up among the third-party platform's authorised accounts": "在第三方平台的已授权账号中查询该账号",
    "make room there, or give another folder": "请腾出磁盘空间，或提供另一个目录",
    "make room there, then run again; the results of the hosts are right": "请腾出磁盘空间后重新运行；各主机的结果是正确的",
    "make sure that it is an ordinary file or not there, and that the folder can be written to": (
        "请确认它是普通文件或不存在，且所在目录可写"
    ),
    "make sure that the folder of the record is there and has room, then {run_again}": (
        "请确认记录所在的目录存在并且有磁盘空间，然后{run_again}"
    ),
    "make the call again, and ask with the new rid": "请重新调用，再用新的 rid 查询",
    "makes TLS unusable": "导致 TLS 无法使用",
    "materials": "素材管理",
    "media": "下发素材",
    "menu cannot be used: {listed}": "menu 无法使用：{listed}",
    'menu has no button; give {"button": [...]}, as menu/create takes it': (
        'menu 中没有 button；请提供 {"button": [...]}，与 menu/create 的格式相同'
    ),
    "menu has {near}; is button meant?": "menu 中有 {near}；是否应为 button？",
    "menu holds a date or a time; give a text: quote it": "menu 中有日期或时间，应为字符串：请加引号",
    "menu is JSON text in which a key stands twice; leave one out": "menu 的 JSON 文本中有重复的键；请去掉一个",
    "menu is JSON text that is nested too deeply": "menu 的 JSON 文本嵌套过深",
    "menu is YAML text; give a dict, or put | from_yaml behind it": "menu 是 YAML 文本；请提供字典，或在其后使用 | from_yaml",
    "menu is a path, not a menu; read the file: lookup('ansible.builtin.file', path)": (
        "menu 是路径，不是菜单；请读取文件：lookup('ansible.builtin.file', path)"
    ),
    "menu is given together with state: absent": "menu 不能与 state: absent 同时提供",
    "menu is missing; give one, or use state: absent": "缺少 menu；请提供菜单，或使用 state: absent",
    "menu is text that is not JSON (line {line}, column {column}); give a dict, or JSON text": (
        "menu 是字符串，但不是 JSON（第 {line} 行第 {column} 列）；请提供字典或 JSON 文本"
    ),
    "menu is text with bytes that are not UTF-8; save the file as UTF-8, and read it again": (
        "menu 文本中含有非 UTF-8 的字节；请将文件保存为 UTF-8 后重新读取"
    ),
    "menu is the whole answer of get_current_selfmenu_info; give its selfmenu_info": (
        "menu 是 get_current_selfmenu_info 的完整返回结果；请提供其中的 selfmenu_info"
    ),
    "menu is {kind}; give a dict with button": "menu {kind}，应为含有 button 的字典",
    "menus": "菜单",
    "message templates": "模板消息",
    "messages": "消息管理",
    "mini program": "小程序",
    "mini program {appids}": "小程序 {appids} ",
    "mini programs {appids}": "小程序 {appids} ",
    "more than 100,000 users have the tag {name}, and the platform deletes no such tag": "标签「{name}」下的用户超过 10 万，微信不允许删除",
    "more than {usual} tags are declared, and the platform usually allows no more": (
        "声明的标签超过 {usual} 个，而微信通常最多允许 {usual} 个"
    ),
    "move it to another name beside it": "请将其移为同目录下的其他文件名",
    "move it to {folder}/main.yml": "请将其移到 {folder}/main.yml",
    "move the users to one of the two, delete the other, then run again": "请将用户移到其中一个标签下，删除另一个，再重新运行",
    "move them to another file beside it": "请将凭据移到同目录的其他文件中",
    "names a SOCKS proxy, for which a library is missing": "指定了 SOCKS 代理，但缺少所需的库",
    "new": "新增",
    "new in this report": "本次新增",
    "newly failed": "新出现失败",
    "no": "不可以",
    "no account of this play has anything that can be brought back to the state before run {run}": (
        "此 play 中没有账号可以恢复到运行 {run} 之前的状态"
    ),
    "no answer came in time": "等待响应超时",
    "no connection could be made (refused, or no way to the host)": "无法建立连接（被拒绝，或对方主机不可达）",
    "no connection could be made in time": "建立连接超时",
    "no credentials": "没有凭据",
    "no credentials are given": "没有提供凭据",
    "no credentials are given, and the environment of the host that runs Ansible does not travel to this host": (
        "没有提供凭据，而运行 Ansible 的主机的环境变量不会传到本主机"
    ),
    "no host of this play declares anything": "此 play 中没有主机声明任何内容",
    "no longer in the report": "不再出现在报告中",
    "no menu": "无菜单",
    "no name (it can only be left out where there is an appid)": "没有名称（只有提供了 appid 才可以省略）",
    "no request could be made": "无法发起请求",
    "no third-party platform is given": "没有提供第三方平台",
    "no thread could be started to watch ansible-playbook with": "无法启动用于监视 ansible-playbook 的线程",
    "no {change} was sent": "没有发出{change}",
    "not a dict": "不是字典",
    "not attempted": "未执行",
    "not brought back: {why} ({names})": "无法恢复：{why}（{names}）",
    "not exactly one way of credentials is given, but {given}": "凭据只能用一种方式提供，实际提供了 {given}",
    "not known": "结果未知",
    "not one of the platform's": "微信没有的类型",
    "not verified": "未认证",
    "not_attempted": "未执行",
    "not_effective": "没有生效",
    "nothing": "无",
    "nothing is declared": "没有声明任何内容",
    "nothing to declare": "没有可声明的内容",
    "nothing to do": "无需执行任何操作",
    "nothing was sent": "没有发出任何请求",
    "of another kind": "是其他类型",
    "on mp.weixin.qq.com (微信公众平台)": "微信公众平台（mp.weixin.qq.com）",
    (
        "on the WeChat Open Platform (open.weixin.qq.com): Management Center - Third-party platforms - Details (管理中心 - 第三方平台 - "
        "详情)"
    ): "微信开放平台（open.weixin.qq.com）- 管理中心 - 第三方平台 - 详情",
    "on the WeChat developer platform (developers.weixin.qq.com/platform): My business - the account - ": (
        "微信开发者平台（developers.weixin.qq.com/platform）- 我的业务 - 公众号/服务号 - "
    ),
    "only the console makes such buttons, and the API does not take them": "这种按钮只能在公众平台后台设置，接口不接受",
    "only {listed:,} of {total:,} accounts were listed": "{total:,} 个账号中只列出了 {listed:,} 个",
    "only {listed:,} of {total:,} accounts were listed, {readings} times over": (
        "{total:,} 个账号中只列出了 {listed:,} 个，共读取了 {readings} 次"
    ),
    "operator": "配置有误",
    "other changes of state": "其他状态变化",
    "other phones": "其他手机系统",
    "outcome_unknown": "结果不明",
    "parent_group in an entry of keyed_groups begins with a template, so the owner of an account could name any group": (
        "keyed_groups 中有一项的 parent_group 以模板开头，账号所有者因此可以生成任意名称的组"
    ),
    "parts of these records cannot be read: {names}": "以下记录有一部分无法读取：{names}",
    "percent-encoding": "百分号编码",
    "permission set 11 (materials) or 100": "11（素材管理）或 100",
    "permission set 15 (custom menu)": "15（自定义菜单）",
    "permission set 18 or 89": "18 或 89",
    "permission set 2 (users) or 100": "2（用户管理）或 100",
    "permission set 7 (broadcasts and notices), 100 or 101": "7（群发与通知）、100 或 101",
    "protocol": "响应异常",
    "publish it {component}; or add the account to its test accounts there": (
        "请将第三方平台全网发布，或将该账号加入其授权测试账号列表；位置：{component}"
    ),
    "publishing": "发布",
    "quota": "额度用完",
    "quota_paths holds something that is no path": "quota_paths 中有不是接口路径的内容",
    "raise the limit of memory (ulimit -v, or that of the container), or lower concurrency": (
        "请调高内存限制（ulimit -v 或容器的限制），或调低 concurrency"
    ),
    "raise the limit of open files (ulimit -n), or lower concurrency": "请调高打开文件数的限制（ulimit -n），或调低 concurrency",
    "raise {limit_of_threads}, or of memory (ulimit -v)": "请调高{limit_of_threads}，或内存限制（ulimit -v）",
    "read the account": "查询账号",
    "read the account's notices {notices}": "请在{notices}查看该账号的通知",
    "read the account's notices {notices}, and have the restriction lifted there": (
        "请登录{notices}查看该账号的通知，并按通知申请解除限制"
    ),
    "read the automatic replies": "查询自动回复规则",
    "read the conditional menus": "查询个性化菜单",
    "read the customer service": "查询客服",
    "read the draft box": "查询草稿箱开关",
    "read the failed call": "查询该次失败的调用",
    "read the menu": "查询自定义菜单",
    "read the platform's addresses": "查询微信服务器的 IP 地址",
    "read the published articles": "查询已发布的文章",
    "read the quota of a call": "查询接口的调用额度",
    "read the tags": "查询标签",
    "read the templates of subscription notices": "查询订阅通知的模板",
    "read the templates of template messages": "查询模板消息的模板",
    "read the verification": "查询认证信息",
    "read what the account shows as its menu": "查询账号当前展示的菜单",
    "recovered": "已恢复",
    "refused": "拒绝执行",
    "remove draft_switch: absent": "请去掉 draft_switch: absent",
    "remove state: absent from the task": "请从任务中去掉 state: absent",
    "rename a tag": "重命名标签",
    "rename it to wechat_{near}, or give it another name": "请改名为 wechat_{near}，或换一个名称",
    "rename or delete all but one {notices}": "请在{notices}只保留一个，将其余的重命名或删除",
    "renamed: {names}": "重命名：{names}",
    "renew the account's verification, which lapses on {day}, {notices}": "该账号的认证将于 {day} 到期，请在{notices}办理年审",
    "repair the third-party platform's service that receives component_verify_ticket, then run again": (
        "请修复第三方平台接收 component_verify_ticket 的服务，然后重新运行"
    ),
    "replace the link with a folder, or give export_dir": "请将该链接换成目录，或指定 export_dir",
    "report it as a bug of this collection": "请将此作为本 collection 的缺陷反馈",
    "report it as a bug of this collection, with the menu: it should have been found": (
        "请将此作为本 collection 的缺陷反馈，并附上菜单：这个问题本应在发送之前发现"
    ),
    "report it as a bug of this collection, with the rid if there is one": "请将此作为本 collection 的缺陷反馈；如有 rid，请一并附上",
    "requests go to {host}": "请求发往 {host}",
    "retries is below 0": "retries 小于 0",
    "rid is not three groups of hexadecimal digits": "rid 不是三组十六进制数字",
    "run again": "请重新运行",
    "run again after 00:00 Beijing time": "请在北京时间零点之后重新运行",
    "run again in a few minutes": "请几分钟后重新运行",
    (
        "run again in a few minutes, when no account joins or leaves the third-party platform; if the list stays like this, ask the "
        "platform's support"
    ): "请几分钟后，在没有账号授权或取消授权时重新运行；如果列表仍然如此，请咨询微信官方",
    "run again in a few minutes: it checks first": "请几分钟后重新运行（会先查询现状）",
    "run again in a few minutes: it checks first; if that does not help, ask the platform's support": (
        "请几分钟后重新运行（会先查询现状）；如果仍未生效，请咨询微信官方"
    ),
    "run again in a few minutes: it checks first; if that does not help, give the tag another name": (
        "请几分钟后重新运行（会先查询现状）；如果仍然失败，请换一个标签名"
    ),
    "run again: it checks first": "请重新运行（会先查询现状）",
    "run the whole role; what is on record is in the folder runs": "请运行整个 role；已有的记录在 runs 目录中",
    "save conditional of wechat_menu_info if you need them, then set delete_conditional to true": (
        "如需保留，请先保存 wechat_menu_info 的 conditional，再将 delete_conditional 设为 true"
    ),
    "scan": "扫码推事件",
    "scan and reply": "扫码带提示",
    "scanning": "微信扫一扫",
    "see it with --check --diff, then remove it, or replace it with -e export_replace=true": (
        "请用 --check --diff 查看差异，再将其删除，或用 -e export_replace=true 替换"
    ),
    "set delete_members to true if that is meant; the API cannot bring it back": (
        "如确需删除，请将 delete_members 设为 true；删除后无法通过接口恢复"
    ),
    "set details to true, or leave hostname out": "请将 details 设为 true，或不设置 hostname",
    "set one first, with menu or with the module wechat_menu": "请先通过 menu 或模块 wechat_menu 设置默认菜单",
    "set one if the account shall have one, {domains}": "如需使用，请配置服务器地址；位置：{domains}",
    "set replace_in_place to true: old menus are deleted first then, and until the new ones are there, their users get another menu": (
        "请将 replace_in_place 设为 true：这样会先删除旧菜单，新菜单生效之前，相应用户会看到其他菜单"
    ),
    "set the menu": "设置自定义菜单",
    "several tags are named {name} (their ids: {ids}), and it is not clear which one is meant": (
        "有多个标签都叫「{name}」（id：{ids}），无法确定指的是哪一个"
    ),
    "shake nearby": "微信摇周边",
    "shops": "微信门店",
    "shorten it: 10 Chinese characters are safe": "请缩短：10 个汉字以内一定可用",
    "somebody else has changed it since this run checked, and what is there now is not on record": (
        "本次运行查询之后，内容被其他程序修改过，当前的内容没有记录"
    ),
    "somebody else has changed the conditional menus meanwhile": "其间个性化菜单被其他程序修改过",
    "start": "启动",
    "tag with the id {value}": "标签 ID：{value}",
    "tag {value}": "标签：{value}",
    "tags": "标签",
    "tags cannot be used: {listed}": "tags 无法使用：{listed}",
    "tags has {name}, which is unknown; it has {known}": "tags 中的 {name} 无法识别；可用的有 {known}",
    "tags is missing; give a list of names, or rename": "缺少 tags；请提供标签名列表，或提供 rename",
    "tags is {kind}; give a list of names, or a dict": "tags {kind}，应为标签名列表或字典",
    "tags that were created stay, and the API cannot bring back a deleted tag with its users": (
        "新建的标签会保留；已删除的标签及其用户无法通过接口恢复"
    ),
    "take the current component_access_token from the third-party platform's service; do not create another one yourself": (
        "请从第三方平台的服务中取得当前的 component_access_token；请勿自行另外获取，否则会使服务正在使用的令牌失效"
    ),
    "take the current one from the third-party platform's service": "请从第三方平台的服务中取得当前的令牌",
    "take the tag from its users first, then run again": "请先为用户取消该标签，再重新运行",
    "the AppID or AppSecret did not arrive": "微信没有收到 AppID 或 AppSecret",
    "the AppSecret is frozen": "AppSecret 已被冻结",
    "the AppSecret is wrong": "AppSecret 不正确",
    "the TLS connection failed": "TLS 连接失败",
    "the access_token is of the wrong kind for this call": "access_token 的类型不适用于此接口",
    "the account has as many conditional menus as it may have": "该账号的个性化菜单数量已达上限",
    "the account has as many tags as it may have": "该账号的标签数量已达上限",
    "the account has been cancelled": "该账号已注销",
    "the account has been warned": "该账号已被告警",
    "the account has conditional menus ({number}), and to delete the menu deletes all of them": (
        "该账号有个性化菜单（{number} 个），删除菜单会将其全部删除"
    ),
    "the account has no menu for everybody, and conditional menus need one": "该账号没有默认菜单，而个性化菜单需要先有默认菜单",
    "the account has no server's URL": "该账号没有配置服务器地址",
    "the account has not granted the third-party platform the permission set": "该账号没有将所需的权限集授权给第三方平台",
    "the account has not turned customer service on": "该账号没有开通客服功能",
    "the account is banned": "该账号已被封禁",
    "the account is banned from this API": "该账号的此接口已被封禁",
    "the account is frozen": "该账号已被冻结",
    "the account is given twice, by its AppID and, as {name}, by its access_token": (
        "该账号重复：一次用 AppID，一次用 access_token（名称为 {name}）"
    ),
    "the account is not among those that have authorised the third-party platform": "该账号不在第三方平台的已授权账号之中",
    "the account is not authorised to this third-party platform": "该账号没有授权给此第三方平台",
    "the account is restricted or frozen": "该账号已被限制或冻结",
    "the account shows a menu that was made in the console, and the API cannot bring that one back": (
        "该账号展示的是在后台设置的菜单，接口无法恢复它"
    ),
    "the account shows another menu than the one of the API, and the API may not bring that one back": (
        "该账号展示的菜单不是通过接口设置的菜单，接口可能无法恢复它"
    ),
    "the account's administrator must confirm the address this host calls from": "本机的出口 IP 需要该账号的管理员确认",
    "the account's administrator refused this address": "该账号的管理员已拒绝此 IP",
    "the account's administrator refused this address twice": "该账号的管理员已两次拒绝此 IP",
    "the account's calls of this minute are used up": "该账号本分钟的接口调用次数已达上限",
    "the account's calls of today are used up": "该账号今日的接口调用额度已用完",
    "the account's calls of today are used up, and so are its resets of this month": (
        "该账号今日的接口调用额度已用完，本月的清零次数也已用完"
    ),
    "the account's password was changed, which ended the authorisation": "该账号修改过密码，原有授权已失效",
    "the address this host calls from is not on the account's IP allow list": "本机的出口 IP 不在该账号的 API IP 白名单中",
    "the address this host calls from is not on the third-party platform's IP allow list": "本机的出口 IP 不在第三方平台的 IP 白名单中",
    "the answer does not say how many articles there are": "返回结果没有说明文章数量",
    "the answer does not say what the platform has found": "返回结果没有说明检测结果",
    "the answer does not say whether a menu is shown": "返回结果没有说明是否展示菜单",
    "the answer does not say whether the draft box is on": "返回结果没有说明草稿箱是否已开启",
    "the answer does not say which automatic replies there are": "返回结果没有说明有哪些自动回复规则",
    "the answer does not say which tag was created": "返回结果没有说明创建了哪个标签",
    "the answer has two tags with one id": "返回结果中有两个标签的 id 相同",
    "the answer holds a conditional menu that cannot be understood": "返回结果中有无法识别的个性化菜单",
    "the answer holds a tag that cannot be understood": "返回结果中有无法识别的标签",
    "the answer holds a template without an ID": "返回结果中有没有 ID 的模板",
    "the answer holds conditional menus that cannot be understood": "返回结果中的个性化菜单无法识别",
    "the answer holds no details of the account": "返回结果中没有该账号的详情",
    "the answer holds no failed call": "返回结果中没有失败的调用",
    "the answer holds no list of accounts": "返回结果中没有账号列表",
    "the answer holds no list of addresses": "返回结果中没有 IP 地址列表",
    "the answer holds no list of agents": "返回结果中没有客服列表",
    "the answer holds no list of tags": "返回结果中没有标签列表",
    "the answer holds no list of templates": "返回结果中没有模板列表",
    "the answer holds no menu": "返回结果中没有菜单",
    "the answer holds no quota": "返回结果中没有额度",
    "the answer holds no usable total_count": "返回结果中没有可用的 total_count",
    "the answer holds no usable {field}": "返回结果中没有可用的 {field}",
    "the answer is about another account": "返回结果属于另一个账号",
    "the answer of {path} comes with a Content-Encoding that was not asked for": "{path} 的响应带有未请求的 Content-Encoding",
    "the answer of {path} has a key twice, or is not UTF-8": "{path} 的响应中有重复的键，或不是 UTF-8",
    "the answer of {path} has no readable errcode": "{path} 的响应中没有可读的 errcode",
    "the answer of {path} is larger than {max_body} MiB": "{path} 的响应超过 {max_body} MiB",
    "the answer of {path} is not HTTP as it should be": "{path} 的响应不符合 HTTP 协议",
    "the answer of {path} is not HTTP as it should be, or came before the request": "{path} 的响应不符合 HTTP 协议，或在请求发出之前到达",
    "the answer of {path} is not a JSON object": "{path} 的响应不是 JSON 对象",
    "the answer says that there is no menu, and holds one": "返回结果既称没有菜单，又带有菜单",
    "the answers do not tell": "从返回结果无法判断",
    "the authorizer_refresh_token is not valid": "authorizer_refresh_token 无效",
    "the calls of this minute are used up": "本分钟的接口调用次数已达上限",
    "the calls of today are used up": "今日的接口调用额度已用完",
    "the change was refused, and the account is as it was found": "修改请求被拒绝，账号仍与原先一样",
    "the change was refused, and the conditional menus are as they were found": "修改请求被拒绝，个性化菜单仍与原先一样",
    "the change was refused, and the menu is as it was found": "修改请求被拒绝，菜单仍与原先一样",
    "the change was refused, and the tags are as they were found": "修改请求被拒绝，标签仍与原先一样",
    "the changes before this one were carried out": "在此之前的修改已执行",
    "the component_access_token is not accepted": "component_access_token 无效",
    "the component_appid is not a third-party platform's": "component_appid 不是第三方平台的 AppID",
    "the conditional menus in conditionalmenu are not set by this option; give the menu alone": (
        "conditionalmenu 中的个性化菜单不由此选项设置；请只提供 menu"
    ),
    "the conditional menus of the account link to more domains than the platform allows": "该账号的个性化菜单链接的域名超过微信允许的数量",
    "the conditional menus that are there and the declared ones link to {number} domains ({domains}); {most} are allowed": (
        "现有的与声明的个性化菜单共链接 {number} 个域名（{domains}），最多允许 {most} 个"
    ),
    "the confirmation of the address this host calls from is pending": "本机的出口 IP 正在等待管理员确认",
    "the connection broke before the answer was complete": "响应尚未收完，连接就已中断",
    "the enabling request was refused, and the draft box is off as it was found": "开启请求被拒绝，草稿箱仍与原先一样未开启",
    "the failed call is another account's": "该次失败的调用属于另一个账号",
    "the host has the variable {name}, which is not used": "该主机有变量 {name}，但不会使用",
    "the host name in api_url cannot be resolved": "无法解析 api_url 中的主机名",
    "the invisible character U+{code:04X}": "不可见字符 U+{code:04X}",
    "the limit of open files (ulimit -n)": "打开文件数的限制（ulimit -n）",
    "the limit of processes (ulimit -u, or pids.max of the container)": "进程数的限制（ulimit -u 或容器的 pids.max）",
    "the menu has buttons that only the console makes ({paths}), and the API cannot bring them back": (
        "菜单中有只能在后台设置的按钮（{paths}），接口无法恢复它们"
    ),
    "the menu is neither the one before nor the declared one, so somebody else has changed it: {paths}": (
        "当前菜单既不是原先的，也不是声明的，说明被其他程序修改过：{paths}"
    ),
    "the menu of this account cannot be read by API": "不能通过接口读取该账号的菜单",
    "the menu was made in the console, and the API cannot bring it back": "原先的菜单是在后台设置的，接口无法恢复它",
    "the mini programs of the menu": "菜单中的小程序",
    "the module on the runner ended without a result": "执行主机上的模块没有返回结果就已结束",
    "the name holds control characters or is longer than {max_name}": "名称含有控制字符，或超过 {max_name} 个字符",
    "the name of a file in the folder runs of {variable}, or last": "{variable} 的 runs 目录中的文件名，或 last",
    "the name of this account cannot be the name of a file": "该账号的名称不能用作文件名",
    "the pattern {hosts} matches no host": "主机匹配模式 {hosts} 没有匹配到任何主机",
    "the pause between two stages is neither a number of seconds nor enter": "两批之间的暂停既不是秒数，也不是 enter",
    "the permission sets that are needed": "本次操作所需的各项",
    "the platform accepted the conditional menu for {label}, and keeps it otherwise than it was sent: {paths}": (
        "微信接受了 {label} 的个性化菜单，但保存的内容与发出的不同：{paths}"
    ),
    "the platform accepted the menu, and keeps texts of it in another spelling than was sent: {paths}": (
        "微信接受了菜单，但保存的文字与发出的写法不同：{paths}"
    ),
    "the platform accepted the menu, and shows it without a part: {paths}": "微信接受了菜单，但展示时缺少一部分：{paths}",
    "the platform accepted the request, but it did not take effect": "微信接受了请求，但没有生效",
    "the platform calls the request malformed": "微信认为请求的格式有误",
    "the platform created the tag {tag_id}, and gave it another name than {name}": "微信创建了标签 {tag_id}，但名称不是「{name}」",
    "the platform does not accept the access_token any more": "access_token 已失效",
    "the platform does not allow a url of the menu": "微信不允许使用菜单中的某个 url",
    "the platform does not know a media_id or an article_id of the menu": "菜单中的 media_id 或 article_id 不存在",
    "the platform does not know one of the AppIDs": "有一个 AppID 不存在",
    "the platform does not know the path": "微信没有该接口路径",
    "the platform does not know the tag {name}, which a check has shown": "微信称标签「{name}」不存在，但查询显示其存在",
    "the platform does not know this AppID": "AppID 不存在",
    "the platform does not know this rid": "微信没有该 rid 的记录",
    "the platform does not take the name {name}: a tag has it that checks do not show, or the platform keeps it for itself": (
        "微信不接受标签名「{name}」：可能已有同名标签但查询不到，或者该名称为微信保留"
    ),
    "the platform does not take the path": "微信不接受该接口路径",
    "the platform does not take this rid": "微信不接受该 rid",
    "the platform does not tell the quota of this path to an account of this kind": "此类账号不能查询该接口路径的额度",
    "the platform finds the name {name} too long": "微信认为标签名「{name}」过长",
    "the platform gives no authorizer_refresh_token of this account": "微信没有返回该账号的 authorizer_refresh_token",
    "the platform has {types}": "可用的类型有 {types}",
    "the platform is busy": "微信系统繁忙",
    "the platform keeps failed calls for 7 days, and this one is older": "微信只保留 7 天内的失败调用，该次调用已超过 7 天",
    "the platform lists a conditional menu, and does not know it when it is to be deleted": "微信列出了某个个性化菜单，删除时却称其不存在",
    "the platform no longer takes the rules of {number} conditional menus, and showed them to nobody": (
        "有 {number} 个个性化菜单的匹配规则微信已不再接受，原本也不会向任何用户展示"
    ),
    "the platform refused the call with a code that this collection does not know": (
        "微信拒绝了请求，返回的错误码不在本 collection 的列表中"
    ),
    "the platform refuses a freshly fetched access_token too": "新获取的 access_token 也被拒绝",
    "the platform refuses the access_token and returns the same one again": "access_token 被拒绝，重新获取后仍是同一个",
    "the platform refuses the form of the menu": "微信认为菜单的格式有误",
    "the platform says so": "由微信返回",
    "the playbook that started this task has ended, or no longer waits for it": "启动此任务的 playbook 已结束，或不再等待此任务",
    "the proxy could not be used": "无法使用代理",
    "the record does not say what conditional menus there were": "记录中没有原先的个性化菜单",
    "the record does not say what menu there was": "记录中没有原先的菜单",
    "the record does not say what there was": "记录中没有原先的状态",
    "the record of this run cannot be written ({why})": "无法写入本次运行的记录（{why}）",
    "the record of this run cannot be written in {variable} ({kind})": "无法在 {variable} 中写入本次运行的记录（{kind}）",
    "the report cannot be written in {variable} ({kind})": "无法在 {variable} 中写入报告（{kind}）",
    "the request could not be completed": "请求未能完成",
    "the request was answered; whether a change is allowed is a guess": "查询接口可用；能否修改只是推测",
    "the rollout would end at hosts whose variables cannot be used: {listed}": "分批执行会在变量无法使用的主机处停止：{listed}",
    "the run before it, {run}, ended early; its changes stay, and rollback_to={run} takes back both runs": (
        "在它之前的运行 {run} 提前结束；其修改保持不变，使用 rollback_to={run} 可同时回滚这两次运行"
    ),
    "the run was stopped": "运行已被中止",
    "the runner could not be reached, or the module could not be started there": "无法连接执行主机，或无法在该主机上启动模块",
    "the same account more than once": "同一个账号出现多次",
    "the same name more than once": "名称重复",
    "the server's certificate is not trusted": "服务器的证书不受信任",
    "the tag {name} belongs to the platform": "标签「{name}」是微信的系统标签",
    "the tag {name} belongs to the platform, and can be neither renamed nor deleted": (
        "标签「{name}」是微信的系统标签，不能重命名，也不能删除"
    ),
    "the third-party platform is not published": "第三方平台尚未全网发布",
    "the third-party platform's component_verify_ticket is missing or expired": "第三方平台的 component_verify_ticket 缺失或已过期",
    "the unknown key {key}": "未知的键 {key}",
    "the variable {name} is not used; is {near} meant? ({hosts})": "变量 {name} 没有被使用；是否应为 {near}？（{hosts}）",
    "there is a tag {old} and a tag {new}, and their users cannot be merged": "标签「{old}」和「{new}」同时存在，两者的用户无法合并",
    "there is neither a tag {old} nor a tag {new}": "既没有标签「{old}」，也没有标签「{new}」",
    "there is no inventory with a folder to write to": "没有可供写入的主机清单目录",
    "there is no run {run} that has changed anything": "找不到做过修改的运行：{run}",
    "these runs are still at work: {names}": "以下运行仍在进行：{names}",
    "this account may not publish by API": "该账号不能通过接口发布",
    "this account may not set its menu by API": "该账号不能通过接口设置自定义菜单",
    "this account may not use customer service": "该账号不能使用客服功能",
    "this account may not use subscription notices": "该账号不能使用订阅通知",
    "this account may not use tags": "该账号不能使用标签",
    "this account may not use template messages": "该账号不能使用模板消息",
    "this account may not use the call": "该账号没有此接口的权限",
    "this host and {others} are the same account": "该主机与 {others} 是同一个账号",
    "this host has no credentials": "该主机没有凭据",
    "this host ran out of memory": "运行模块的主机内存不足",
    "this host starts no more threads": "运行模块的主机无法启动更多线程",
    "this host's public address": "本机的出口 IP",
    "this process may not open more files": "进程打开的文件数已达上限",
    "this run has no record, or its files are gone from Ansible's temporary folder": (
        "本次运行没有记录，或其文件已不在 Ansible 的临时目录中"
    ),
    "timeout is not a number of seconds above 0 and up to {max_timeout}": "timeout 不是大于 0 且不超过 {max_timeout} 的秒数",
    "to delete the tag {name} takes it from all its users ({count:,}, as the platform says, which may be hours late)": (
        "删除标签「{name}」会使其所有用户失去该标签（微信称有 {count:,} 个用户，该数字可能滞后数小时）"
    ),
    "transient": "系统繁忙",
    "transport": "连接失败",
    "true or false": "是布尔值",
    "turn on customer service (客服功能) {notices}, if the account shall have it": "如需使用，请在{notices}开通客服功能",
    "turn the draft box off": "关闭草稿箱",
    "turn the draft box on": "开启草稿箱",
    "turning a draft box on is irreversible: the API offers no call that turns the switch off": (
        "草稿箱一经开启便无法关闭，微信没有提供关闭的接口"
    ),
    "two accounts were answered with the same access_token": "两个账号得到了相同的 access_token",
    "two tags are renamed to {name}, and tags cannot be merged": "有两个标签都要改名为「{name}」，而标签无法合并",
    "unfreeze the AppSecret, and run again after 10 minutes; it is {secret_and_list}": (
        "请解冻 AppSecret，10 分钟后重新运行；位置：{secret_and_list}"
    ),
    "unknown": "未知",
    "up to date": "已是最新",
    "use a play with one host, such as localhost; or remove {variable}, and give each host its own variables": (
        "请使用只有一台主机的 play，例如 localhost；或去掉 {variable}，并为每台主机提供各自的变量"
    ),
    "use at most {most} domains in all of them; or set replace_in_place to true, if the old ones are in the way": (
        "所有个性化菜单合计最多使用 {most} 个域名；如果是旧菜单占用了名额，请将 replace_in_place 设为 true"
    ),
    "use the access_token": "使用 access_token",
    "users": "用户管理",
    "variation selectors of emoji": "emoji 的变体选择符",
    "verified": "已认证",
    "verified or not is not known": "是否认证未知",
    "wait 1 hour, then have the administrator confirm the address when it is asked for": (
        "请等待 1 小时，再次收到确认请求时请管理员确认此 IP"
    ),
    "wait 24 hours, then have the administrator confirm the address when it is asked for": (
        "请等待 24 小时，再次收到确认请求时请管理员确认此 IP"
    ),
    "wait a few minutes and run again; if it stays, find what else refreshes this account's token by force": (
        "请等待几分钟后重新运行；如果仍然失败，请查明还有什么程序在强制刷新该账号的 access_token"
    ),
    "wait a minute, then run again": "请等待一分钟后重新运行",
    "wait until they have ended, or end them, then run again": "请等它们结束，或终止它们，然后重新运行",
    "was: {label}": "上次：{label}",
    "web page": "网页",
    "web pages": "网页服务",
    "what a check shows now is neither as it was nor as declared, so somebody else is changing it too": (
        "现在查询到的内容既不是原先的，也不是声明的，说明还有其他程序在修改"
    ),
    "what is given as component_access_token is a token of another kind": "作为 component_access_token 提供的是其他类型的令牌",
    "what this host declares cannot be used": "该主机的声明无法使用",
    "white space at an end": "首尾的空白",
    "would be written": "将会写入",
    "would change": "将会修改",
    "write the file": "写入文件",
    "write the report": "写入报告",
    "written": "已写入",
    "yes": "可以",
    "{accounts} ({names}): {cause} Other causes: {number:,}, as the report shows. {remedy}": (
        "{accounts}（{names}）：{cause}另有 {number:,} 种原因，见报告。{remedy}"
    ),
    "{accounts} ({names}): {cause} {remedy}": "{accounts}（{names}）：{cause}{remedy}",
    "{accounts} to bring to what they declare": "{accounts}将按声明处理",
    "{accounts} to compare with what they declare": "{accounts}将与声明比较",
    "{accounts} to give back what they had": "{accounts}将恢复原有内容",
    "{accounts}: what they declare is well formed.": "{accounts}：声明的内容格式正确。",
    "{accounts}: what {number:,} of them declare cannot be used.": "{accounts}：其中 {number:,} 个的声明无法使用。",
    "{accounts}: {clauses}.": "{accounts}：{clauses}。",
    "{accounts}: {counts}.": "{accounts}：{counts}。",
    "{accounts}: {remedy}: {names}": "{accounts}（{names}）：{remedy}。",
    "{account}API management - API permissions and quotas (我的业务 - 公众号/服务号 - 接口管理 - 接口权限与额度)": (
        "{account}接口管理 - 接口权限与额度"
    ),
    "{account}Basic information (我的业务 - 公众号/服务号 - 基础信息)": "{account}基础信息",
    "{account}Basic information - Developer secret (我的业务 - 公众号/服务号 - 基础信息 - 开发密钥)": "{account}基础信息 - 开发密钥",
    "{account}Basic information - Domains and message push (我的业务 - 公众号/服务号 - 基础信息 - 域名与消息推送配置)": (
        "{account}基础信息 - 域名与消息推送配置"
    ),
    "{after_a_minute}; find what else calls for this account": "{after_a_minute}，并查明还有什么程序在为该账号调用接口",
    "{after_midnight}, or reset the count with clear_quota (10 times a month); the quotas are {apis}": (
        "{after_midnight}，或用 clear_quota 清零（每月 10 次）；额度见：{apis}"
    ),
    "{api:,} by API, {console:,} in the console, {none:,} without a menu": (
        "{api:,} 个通过接口设置，{console:,} 个在后台设置，{none:,} 个没有菜单"
    ),
    "{appid}: {what}": "{appid}：{what}",
    "{article} {change} may have been sent and carried out": "{change}可能已发出并执行",
    "{article} {change} was sent and may have been carried out": "{change}已发出，可能已执行",
    "{article} {change} was sent, and {not_shown}": "{change}已发出，但{not_shown}",
    "{at} begins or ends with white space, which the platform may remove": "{at} 的首尾有空白，微信可能会将其去掉",
    "{at} has &amp;, which stands for & in HTML only; write & in a menu": "{at} 含有 &amp;，它只在 HTML 中表示 &；在菜单中请直接写 &",
    "{at} has no rule; give tag, tag_id or platform": "{at} 没有匹配规则；请提供 tag、tag_id 或 platform",
    "{at} has tag and tag_id; leave one of the two out": "{at} 同时有 tag 和 tag_id；请去掉其中一个",
    "{at} has the same match as {stronger}, so nobody would get it; leave one out": (
        "{at} 与 {stronger} 的 match 相同，不会有用户看到它；请去掉其中一个"
    ),
    "{at} is {kind}; give a dict": "{at} {kind}，应为字典",
    "{at} is {kind}; give a dict with match and menu": "{at} {kind}，应为带有 match 和 menu 的字典",
    "{at} looks like a template that was not rendered; it is set as it is": "{at} 看起来是没有渲染的模板，将按原样设置",
    "{at}.appid is not the AppID of a mini program: wx and 16 characters 0-9 and a-f, in lower case": (
        "{at}.appid 不是小程序的 AppID：应为 wx 加 16 位小写十六进制字符（0-9、a-f）"
    ),
    "{at}.group_id: give tag_id; the platform takes a group_id, and shows the menu to nobody": (
        "{at}.group_id：请改用 tag_id；微信接受 group_id，但不会向任何用户展示该菜单"
    ),
    "{at}.match is {kind}; give a dict with tag, tag_id or platform": "{at}.match {kind}，应为带有 tag、tag_id 或 platform 的字典",
    "{at}.name is longer than {limit} wide characters, and phones cut it": "{at}.name 超过 {limit} 个汉字的宽度，手机上会显示不全",
    "{at}.platform is not one of {platforms}": "{at}.platform 应为 {platforms} 之一",
    "{at}.sub_button is empty": "{at}.sub_button 为空",
    "{at}.sub_button is {kind}; give a list of buttons": "{at}.sub_button {kind}，应为按钮列表",
    "{at}.sub_button: a group within a group is not allowed": "{at}.sub_button：二级菜单下不能再有子菜单",
    '{at}.tag_id is not the id of a tag, such as "104"': '{at}.tag_id 不是标签的 id，例如 "104"',
    "{at}.type is missing; a button has a type, or a sub_button": "缺少 {at}.type；按钮应有 type 或 sub_button",
    "{at}.type is {kind}, which no longer shows articles": "{at}.type 为 {kind}，此类按钮已不再展示图文消息",
    "{at}.type is {kind}; is {near} meant?": "{at}.type 不可用：{kind}；是否应为 {near}？",
    "{at}.type is {kind}; {why}": "{at}.type 不可用：{kind}；{why}",
    "{at}.url holds {mark}, a template that was not rendered; nothing renders it later": "{at}.url 中有未渲染的模板 {mark}；之后不会再渲染",
    "{at}.url holds {what}; write it as {code}, or leave it out": "{at}.url 中有不允许的字符：{what}；请写作 {code}，或去掉",
    "{at}.url is not a URL with http or https and a host": "{at}.url 不是带有 http 或 https 和主机名的 URL",
    "{at}.{field} is not a field of {what}: the platform drops it, and so it is not sent": (
        "{at}.{field} 不是{what}的字段：微信会丢弃它，因此不会发送"
    ),
    "{at}.{name} has \\u, which the platform refuses; write the character itself, or, in YAML, use double quotes": (
        "{at}.{name} 含有 \\u，微信会拒绝；请直接写该字符，或在 YAML 中使用双引号"
    ),
    "{at}.{name} has bytes that are not UTF-8; save the file as UTF-8, and read it again": (
        "{at}.{name} 含有非 UTF-8 的字节；请将文件保存为 UTF-8 后重新读取"
    ),
    "{at}.{name} has control characters or half characters": "{at}.{name} 含有控制字符或不完整的字符",
    "{at}.{name} has {size} bytes in UTF-8; {most} are allowed": "{at}.{name} 有 {size} 字节（UTF-8）；最多允许 {most} 字节",
    "{at}.{name} is empty, and more users would get the menu without it; give a value, or leave it out": (
        "{at}.{name} 为空，而没有它会有更多用户看到该菜单；请提供值，或将其去掉"
    ),
    "{at}.{name} is missing or empty": "{at}.{name} 缺失或为空",
    "{at}.{name} is unknown; give match and menu": "{at}.{name} 无法识别；只能有 match 和 menu",
    "{at}.{name} is unknown{nearest}": "{at}.{name} 无法识别{nearest}",
    "{at}.{name} is {kind}; give a text: quote it, or use | string if a template makes it": (
        "{at}.{name} {kind}，应为字符串：请加引号；如果由模板产生，请使用 | string"
    ),
    "{at}.{name} is {kind}; give true or false": "{at}.{name} {kind}，应为 true 或 false",
    "{at}.{name}: a group has name and sub_button alone; leave it out{nearest}": (
        "{at}.{name}：带 sub_button 的按钮只能有 name 和 sub_button；请去掉{nearest}"
    ),
    "{at}.{name}: a {kind} button has {fields} alone{nearest}": "{at}.{name}：{kind} 按钮只能有 {fields}{nearest}",
    "{at}.{name}: the platform takes no rule with {fields} any more; use a tag": (
        "{at}.{name}：微信不再接受带有 {fields} 的匹配规则；请改用标签"
    ),
    "{at}.{near} is unknown; is sub_button meant?": "{at}.{near} 无法识别；是否应为 sub_button？",
    "{at}: a rule is declared as match in conditional_menus; here the platform would replace the menu of everybody": (
        "{at}：匹配规则请在 conditional_menus 中用 match 声明；写在这里，微信会替换所有用户的菜单"
    ),
    "{at}: the account has no tag {tag}": "{at}：该账号没有标签「{tag}」",
    "{at}: the account has several tags {tag} (tag_id {ids})": "{at}：该账号有多个名为「{tag}」的标签（tag_id {ids}）",
    "{at}: {fault}": "{at}：{fault}",
    "{check}: WeChat blocks some, and some must be registered first, {domains}": (
        "{check}：有的域名被微信屏蔽，有的需要先登记；登记位置：{domains}"
    ),
    "{clauses}.": "{clauses}。",
    "{count:,} already on": "{count:,} 个此前已开启",
    "{count:,} as declared already": "{count:,} 个此前已与声明一致",
    "{count:,} as the platform says": "{count:,} 个以微信说明为准",
    "{count:,} changed": "{count:,} 个已修改",
    "{count:,} changed ({which})": "{count:,} 个已修改（{which}）",
    "{count:,} checked": "{count:,} 个已查询",
    "{count:,} checked ({counts})": "{count:,} 个已查询（{counts}）",
    "{count:,} checked ({have:,} with conditional menus)": "{count:,} 个已查询（{have:,} 个有个性化菜单）",
    "{count:,} checked ({on:,} on, {off:,} off)": "{count:,} 个已查询（{on:,} 个已开启，{off:,} 个未开启）",
    "{count:,} checked ({tags:,} tags)": "{count:,} 个已查询（{tags:,} 个标签）",
    "{count:,} failed": "{count:,} 个失败",
    "{count:,} not attempted": "{count:,} 个未执行",
    "{count:,} on as the platform says, which no longer offers the call": "{count:,} 个据微信说明已开启（微信已不再提供此接口）",
    "{count:,} turned on, which cannot be undone": "{count:,} 个已开启，且不可撤销",
    "{count:,} would be changed": "{count:,} 个将会修改",
    "{count:,} would be changed ({which})": "{count:,} 个将会修改（{which}）",
    "{count:,} would be turned on, which cannot be undone": "{count:,} 个将会开启，且不可撤销",
    "{counts}, {unknown:,} not known": "{counts}，{unknown:,} 个未知",
    "{done} A menu that was made in the console was found: see console_menu.": "{done}发现了在后台设置的菜单：见 console_menu。",
    "{done} Its conditional menus are gone with it ({number}).": "{done}个性化菜单已随之删除（{number} 个）。",
    "{done} Its conditional menus would be deleted with it ({number}).": "{done}个性化菜单将随之删除（{number} 个）。",
    "{done} No check shows all of this yet; the platform's answers do.": "{done}查询尚未完全显示这些修改，但微信的返回结果已确认。",
    "{done} Of those deleted, {number} had no users, because a newer one had the same rule.": (
        "{done}删除的菜单中有 {number} 个原本就没有用户能看到，因为匹配规则相同的菜单以较新的为准。"
    ),
    "{done} Phones show this when the account is opened again, up to 5 minutes later.": (
        "{done}手机端重新进入该账号后即可看到，最多延迟 5 分钟。"
    ),
    "{fault} (account {names})": "{fault}（账号 {names}）",
    "{first} to {last}": "{first} 至 {last}",
    "{found} One that was made in the console is there, and is not shown: see console_menu.": (
        "{found}另有一个在后台设置的菜单，但没有展示：见 console_menu。"
    ),
    "{found} Several have the same name: {names}.": "{found}其中有同名标签：{names}。",
    "{found} The menu of the API cannot be read (errcode {code}): only service accounts and verified subscription accounts may use it.": (
        "{found}无法读取通过接口设置的菜单（错误码 {code}）：只有服务号和已认证的订阅号才能使用此接口。"
    ),
    "{found} These names cannot be declared: {names}.": "{found}以下名称无法声明：{names}。",
    "{found} Those that no user gets, because of a dead rule or another menu with the same rule: {number}.": (
        "{found}其中 {number} 个没有用户能看到，因为匹配规则已失效，或与其他菜单的规则相同。"
    ),
    "{given} is given, and {missing} is missing": "提供了 {given}，但缺少 {missing}",
    "{hosts}: {what}": "{hosts}：{what}",
    "{hours} h {minutes} min": "{hours} 小时 {minutes} 分",
    "{kind}, {verified}": "{kind}，{verified}",
    "{kind}, {verified} (a guess).": "{kind}，{verified}（推测）。",
    "{kind}, {verified}.": "{kind}，{verified}。",
    "{label}: the platform no longer offers the call, and says so of every account; no check has shown it.": (
        "{label}：微信已不再提供此接口，并称所有账号均已如此；未经查询核实。"
    ),
    "{minutes} min {seconds} s": "{minutes} 分 {seconds} 秒",
    "{missing} are missing": "缺少 {missing}",
    "{missing} is missing": "缺少 {missing}",
    "{msg}": "{msg}",
    "{names}: {what}; {remedy}": "{names}：{what}；{remedy}",
    "{name} ({code})": "{name}（{code}）",
    "{name} cannot be evaluated": "{name} 无法求值",
    "{name} cannot be worked out ({kind})": "{name} 无法求值（{kind}）",
    "{name} is both an old and a new name in rename": "「{name}」在 rename 中既是原名又是新名",
    "{name} is not a list of stages": "{name} 不是批次列表",
    "{name} is renamed, and declared under its old name": "「{name}」将被重命名，却又以原名声明",
    "{name} is to be there and not to be there": "「{name}」同时被声明为存在和不存在",
    "{name} is unknown; a menu has button alone": "{name} 无法识别；菜单只能有 button",
    "{no_longer_offered}.": "{no_longer_offered}。",
    "{no_longer_offered}; an enabling request was sent.": "{no_longer_offered}；已发出一次开启请求。",
    "{no_longer_offered}; nothing was changed.": "{no_longer_offered}；未做修改。",
    "{number:,} accounts": "{number:,} 个账号",
    "{number:,} {label}": "{number:,} 个{label}",
    "{old} to {new}": "{old} → {new}",
    "{option} cannot be used: a value is of the wrong kind": "{option} 无法使用：某个值的类型不对",
    "{option} cannot be used: {listed}": "{option} 无法使用：{listed}",
    "{option} is not a list": "{option} 不是列表",
    "{option} {what}": "{option} {what}",
    "{path} ({kinds})": "{path}（{kinds}）",
    "{path} answered HTTP {status}": "{path} 返回 HTTP {status}",
    "{path} begins or ends with white space; leave it out": "{path} 的开头或结尾有空白字符；请去掉",
    "{path} cannot be written ({kind})": "{path} 无法写入（{kind}）",
    "{path} has \\u; write the character itself, or, in YAML, use double quotes": "{path} 含有 \\u；请直接写该字符，或在 YAML 中使用双引号",
    "{path} has been written.": "已写入 {path}。",
    "{path} has bytes that are not UTF-8; save the file as UTF-8, and read it again": (
        "{path} 含有非 UTF-8 的字节；请将文件保存为 UTF-8 后重新读取"
    ),
    "{path} has characters that change the direction of text; leave them out": "{path} 含有改变文字方向的字符；请去掉",
    "{path} has control characters or half characters; leave them out": "{path} 含有控制字符或不完整的字符；请去掉",
    "{path} has credentials too, which would be lost": "{path} 中还有凭据，替换后会丢失",
    "{path} has {character}; leave it out": "{path} 含有{character}；请将其去掉",
    "{path} has {number} buttons; {most} are allowed": "{path} 有 {number} 个按钮；最多允许 {most} 个",
    "{path} has {size} characters; {most} are allowed": "{path} 有 {size} 个字符；最多允许 {most} 个",
    "{path} holds Ansible's mask for a secret, so its text is lost; give the text itself": (
        "{path} 中是 Ansible 隐藏敏感内容时使用的占位符，原文已丢失；请提供原文"
    ),
    "{path} is a date, which a module gets in another spelling": "{path} 是日期，传给模块时写法会改变",
    "{path} is a link to somewhere else": "{path} 是指向别处的链接",
    "{path} is empty; give a name": "{path} 为空；请提供标签名",
    "{path} is encrypted, or too large, so what would be lost is not known": "{path} 已加密或过大，无法得知替换后会丢失什么",
    "{path} is the folder of {other} as well": "{path} 也是 {other} 的目录",
    "{path} is there, and Ansible would not read it any more beside a folder of that name": (
        "{path} 已存在；一旦有同名目录，Ansible 就不再读取它"
    ),
    "{path} is there, and differs": "{path} 已存在，且内容不同",
    "{path} is up to date.": "{path} 已是最新。",
    "{path} is {kind}; give a dict of old names and new names": "{path} {kind}，应为由原名和新名组成的字典",
    "{path} is {kind}; give a list of names": "{path} {kind}，应为标签名列表",
    "{path} is {kind}; give a text: quote it, or use | string if a template makes it": (
        "{path} {kind}，应为字符串：请加引号；如果由模板产生，请使用 | string"
    ),
    "{path} is {kind}; give true or false": "{path} {kind}，应为 true 或 false",
    "{path} would be written.": "将会写入 {path}。",
    "{path}: {used:,} of {limit:,} calls of today used.": "{path}：今日已调用 {used:,} 次，额度 {limit:,} 次。",
    "{path}: {what}": "{path}：{what}",
    "{remedy}; if the server expects TLS, write https in api_url": "{remedy}；如果服务器要求 TLS，请在 api_url 中写 https",
    "{remedy}; or give the account's authorizer_refresh_token": "{remedy}；或者提供该账号的 authorizer_refresh_token",
    "{remedy}; to use the accounts that were listed, set incomplete_list to warn": (
        "{remedy}；如需先使用已列出的账号，请将 incomplete_list 设为 warn"
    ),
    "{resource} of this account failed": "该账号的{title}处理失败",
    "{run_again}; -vvv shows why": "{run_again}；使用 -vvv 可查看原因",
    "{run_again}; should that fail too, {remedy}": "{run_again}；如果仍然失败，{remedy}",
    "{said} Nobody gets some of them, because a newer one has the same rule: menuid {menuids}.": (
        "{said}其中一些没有用户能看到，因为匹配规则相同的菜单以较新的为准：menuid {menuids}。"
    ),
    "{seconds} s": "{seconds} 秒",
    "{settings}; is there an https server at all": "{settings}；并确认对方是 https 服务器",
    "{shown} and {more:,} more": "{shown} 等 {total:,} 个",
    "{text} ({code})": "{text}（{code}）",
    "{title} {number:,}": "{title} {number:,} 个",
    "{title}: what differed": "{title}：不同之处",
    "{title}: {why}": "{title}：{why}",
    "{unreached_in_a_row} accounts in a row could not be reached": "连续 {unreached_in_a_row} 个账号无法连接",
    "{variable} cannot be written to ({kind})": "无法写入 {variable}（{kind}）",
    "{variable} in the environment {fault}": "环境变量 {variable} {fault}",
    "{variable} is empty": "{variable} 为空",
    "{variable} is given in a play of {number:,} hosts": "{variable} 用在了有 {number:,} 台主机的 play 中",
    "{variable} is no folder": "{variable} 不是目录",
    "{variable} is not set: no record stays, so what this run changes cannot be taken back": (
        "未设置 {variable}：不会保留记录，因此本次运行的修改无法回滚"
    ),
    (
        "{wanted} accounts are to be worked on at a time, and {fit} will be: {why}. Raise {limit} for the user that runs this, or lower "
        "concurrency."
    ): "要求同时处理 {wanted} 个账号，实际将同时处理 {fit} 个：{why}。请为运行用户调高{limit}，或调低 concurrency。",
    "{what} (errcode {code})": "{what}（错误码 {code}）",
    "{what} (the platform says: {errmsg})": "{what}，微信返回「{errmsg}」",
    "{what}, because Ansible Vault cannot decrypt it": "{what}，因为 Ansible Vault 无法解密",
    "{what}, because {undefined} is undefined": "{what}，因为 {undefined} 未定义",
    "{what}: account {where}": "{what}：账号序号 {where}",
}
