-- Banli (办理): the only description of the data.
--
-- Portable SQL for SQLite and PostgreSQL. How to write it:
--   * "-- == 组 ==" opens a menu group. The groups' order in the menu is the line 菜单 below.
--   * The comment above a table: "-- 表名：一行是什么。" and, if wanted,
--       "-- 名称：{kind}{number}号"   how a row is called on the screen ({unit} follows unit_id),
--       "-- 简称：{letter}类"         what the name is cut down to in a column of a list, whose row tells the rest,
--       "-- 列表：number title"       the columns of its list, 旁列 among them,
--       "-- 旁列：lead_units 主办单位 = assignments.unit_id [role=主办] 全部：说明"
--                                     a column that its list, details and exports show of other tables, told below,
--       "-- 次序：-proposal_id role"  how its rows are ordered, in its list and below the row they hang on: - is downwards,
--                                     words go as their CHECK lists them; the first column has an index
--                                     or is the id: as they were made,
--       "-- 从属：proposal_id"        shown under that parent rather than in the menu, and written in its form: rows are
--                                     added, changed, removed and put in order there,
--       "-- 同表：proposal_id"        in the menu, and new rows may be written in the form of that row as well; stored
--                                     ones are changed on their own page,
--       "-- 先填：number title"       what its form asks for first, in this order: then come the rows below it, and then the
--                                     other columns; without it, the rows come last,
--       "-- 接着：登记下一件"         the button that saves a new row and opens the next: 保存并登记下一件,
--       "-- 附看：proposal.body"      what its page shows, folded, of a row that it refers to: 引用.字段, as the reader may see it,
--       "-- 初看：holds=by_people" what its list asks when it is opened by itself, as its address says it; 全部 is a click away,
--       "-- 入口：交办督查 审计员"    the roles that find it in the menu; without it, all who may read it,
--       "-- 只读"                     written by the program alone.
--       "-- 经办"                     made and changed by acts alone (domain/lifecycle/acts/): no form; a workbook may
--                                     still bring what happened before the panel was there.
--   * A 旁列 is "名称 标签 = 路径 [条件] 取法：说明"; a table may have several, and its lists can be filtered by them.
--     路径: from the row over tables that hang on it (assignments) and references (proposal, for proposal_id) to a column.
--     [条件], none or several: [字段=词 词], [字段<>词], [字段=空], [字段<>空]. The words are those of a choice, or 是 and 否. The
--     column is of the last table of the way, or of one that is named: [assignments.role=主办].
--     取法: 全部 (so where none is said), 首个 or 末个: the filled values of all rows, of the first or the last of them, in the
--     order of the last table that hangs, or by a column of it: 末个 round. Of dates besides 最早 and 最晚, and 已过: the days
--     since the earliest, where that is past. Each is what the reader sees: of rows and columns that are his.
--   * Every column ends with "-- 标签：说明". [自动] in the help: filled by the program, shown, not asked for.
--     [隐藏]: never shown, searched, exported or logged. [程序]: for the program, not offered to people; no secret, so that
--     the address of a list may filter by it. [搜索]: searched by the box above the list.
--     [经办]: written by acts alone (domain/lifecycle/acts/): shown, not asked for in a form, as [自动]; but a workbook
--     may bring it, for what happened before the panel was there.
--     [已发生]: the day or time of something done, never in the future. [后续]: not asked for in a new row.
--     [今天], [本人]: a new form has today here, or the name of the person; not today where the row above has a date of
--     that name and it counts from today on or is not known.
--     [承接]: a new form has here what the row that it hangs on says in the column of the same name.
--     [沿用]: the form for the next new row has here what was typed into the one before.
--     [案号]: however it is typed or imported, stored in its significant form: 第001号 is 001. A new form has the number
--     after the highest, of the rows that agree in the other columns of its first UNIQUE.
--     [只选 role=督办领导]: of a reference, a form offers the rows alone whose choice is that word.
--     [原名 budget]: the column was called budget before; db-upgrade carries its content over.
--     [起初 全文公开 若 published_on]: where the column is new, db-upgrade begins it with that word in the rows in which the
--     other column of theirs is filled in, with the default in the others.
--   * Constraints stand below the columns, are named, and end with the sentence a person reads when one fails.
--   * A foreign key over two columns carries the first column along: (proposal_id, assignment_id) -> assignments
--     fills proposal_id by itself, so the copy can never disagree with its source.
--   * Instants are Asia/Shanghai wall-clock time; stored values are the words the users use.
--   * What does not keep to this, or takes a name that the panel uses itself, is refused with its line by every command.
--
-- 菜单：登记 交办 办理 答复 督办 统计 基础数据 系统

-- == 基础数据 ==

-- 设置：一行是一项全局设置，如地区名称、发文单位。
-- 名称：{label}
-- 列表：label value help
-- 次序：id
CREATE TABLE settings (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  name VARCHAR(60) NOT NULL,                       -- 键名：程序读取用的英文键名
  label VARCHAR(60) NOT NULL,                      -- 设置项：[搜索]
  value TEXT NOT NULL DEFAULT '',                  -- 取值：
  help VARCHAR(300) NOT NULL DEFAULT '',           -- 用途：
  CONSTRAINT uq_settings_name UNIQUE (name)        -- 已有这个键名的设置。
);

-- 承办单位：一行是一个承办单位，名称用全称。
-- 名称：{name}
-- 列表：name short_name kind is_active
-- 入口：系统管理员 交办督查
CREATE TABLE units (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  name VARCHAR(100) NOT NULL,                      -- 单位全称：[搜索] 正式名称，分工方案和答复件上用的名称
  short_name VARCHAR(60) NOT NULL DEFAULT '',      -- 单位简称：[搜索] 日常叫法，如“区教育局”
  kind VARCHAR(20) NOT NULL DEFAULT '政府部门',    -- 单位性质：
  letter_code VARCHAR(20) NOT NULL DEFAULT '',     -- 发文代字：答复件文号用，如“鱼教函”
  sort_order INTEGER NOT NULL DEFAULT 0,           -- 排序：小的在前
  is_active BOOLEAN NOT NULL DEFAULT TRUE,         -- 在用：撤并的单位改为否，历史记录仍保留
  CONSTRAINT uq_units_name UNIQUE (name),          -- 已有同名的承办单位。
  CONSTRAINT ck_units_name CHECK (name <> ''),     -- 单位全称不能为空。
  CONSTRAINT ck_units_kind CHECK (kind IN ('政府部门', '党委部门', '市直派驻', '街道乡镇', '群团组织', '企业', '其他'))  -- 单位性质不在可选范围内。
);

-- 单位别名：一行是一个单位的一种写法，导入时按它认单位。
-- 名称：{alias}（{unit}）
-- 列表：alias unit_id
-- 从属：unit_id
CREATE TABLE unit_aliases (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  unit_id INTEGER NOT NULL,                        -- 承办单位：
  alias VARCHAR(100) NOT NULL,                     -- 别名：[搜索] 简称、旧称或常见写法
  CONSTRAINT uq_unit_aliases_alias UNIQUE (alias), -- 这个别名已经属于某个单位。
  CONSTRAINT ck_unit_aliases_alias CHECK (alias <> ''),  -- 别名不能为空。
  CONSTRAINT fk_unit_aliases_unit FOREIGN KEY (unit_id) REFERENCES units (id) ON DELETE CASCADE  -- 所选承办单位不存在。
);
CREATE INDEX ix_unit_aliases_unit ON unit_aliases (unit_id);

-- 单位联系人：一行是一个单位的分管领导、科室负责人、联络员或经办人（附件9 联络员信息表）。
-- 名称：{unit} {name}
-- 列表：unit_id duty name post mobile_phone office_phone
-- 入口：系统管理员 交办督查 承办单位联络员 承办单位领导 人大/政协机构
CREATE TABLE unit_contacts (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  unit_id INTEGER NOT NULL,                        -- 承办单位：
  duty VARCHAR(10) NOT NULL,                       -- 职责：
  name VARCHAR(40) NOT NULL,                       -- 姓名：[搜索]
  post VARCHAR(60) NOT NULL DEFAULT '',            -- 职务：
  office VARCHAR(60) NOT NULL DEFAULT '',          -- 科室：
  office_phone VARCHAR(30) NOT NULL DEFAULT '',    -- 办公电话：
  mobile_phone VARCHAR(30) NOT NULL DEFAULT '',    -- 手机：
  email VARCHAR(100) NOT NULL DEFAULT '',          -- 邮箱：催办邮件发到这里
  note VARCHAR(300) NOT NULL DEFAULT '',           -- 备注：
  CONSTRAINT uq_unit_contacts_person UNIQUE (unit_id, duty, name),  -- 这个单位已登记过这位联系人。
  CONSTRAINT ck_unit_contacts_email CHECK (email = '' OR (email <> REPLACE(email, '@', '') AND SUBSTR(email, 1, 1) <> '@' AND email = REPLACE(email, ' ', ''))),  -- 邮箱要写成 zhang@example.cn 这样。
  CONSTRAINT ck_unit_contacts_duty CHECK (duty IN ('主要领导', '分管领导', '科室负责人', '联络员', '经办人')),  -- 职责不在可选范围内。
  CONSTRAINT fk_unit_contacts_unit FOREIGN KEY (unit_id) REFERENCES units (id) ON DELETE CASCADE  -- 所选承办单位不存在。
);

-- 代表委员：一行是一届中的一位人大代表、政协委员或一个提案团体。
-- 名称：{name}（{body}）
-- 简称：{name}
-- 列表：name body kind delegation post is_active
-- 入口：系统管理员 交办督查 承办单位联络员 承办单位领导 人大/政协机构
CREATE TABLE deputies (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  name VARCHAR(60) NOT NULL,                       -- 姓名：[搜索] 个人姓名或团体名称
  body VARCHAR(4) NOT NULL,                        -- 所属机构：
  level VARCHAR(6) NOT NULL DEFAULT '区县级',      -- 层级：
  term INTEGER NOT NULL DEFAULT 0,                 -- 届：第几届，不清楚填0
  kind VARCHAR(4) NOT NULL DEFAULT '个人',         -- 个人或团体：
  delegation VARCHAR(60) NOT NULL DEFAULT '',      -- 代表团或界别：[搜索]
  committee VARCHAR(60) NOT NULL DEFAULT '',       -- 专委会：
  certificate_no VARCHAR(40) NOT NULL DEFAULT '',  -- 代表证号：
  post VARCHAR(100) NOT NULL DEFAULT '',           -- 单位及职务：[搜索]
  phone VARCHAR(30) NOT NULL DEFAULT '',           -- 联系电话：只给需要联系的人看
  address VARCHAR(200) NOT NULL DEFAULT '',        -- 通讯地址：只给需要寄送的人看
  postcode VARCHAR(10) NOT NULL DEFAULT '',        -- 邮政编码：
  is_active BOOLEAN NOT NULL DEFAULT TRUE,         -- 在任：
  note VARCHAR(300) NOT NULL DEFAULT '',           -- 备注：同名同姓时写清区别
  CONSTRAINT uq_deputies_person UNIQUE (body, level, term, name, note),  -- 本届已有同名的代表委员，请在备注中写清区别。
  CONSTRAINT ck_deputies_name CHECK (name <> ''),  -- 姓名不能为空。
  CONSTRAINT ck_deputies_body CHECK (body IN ('人大', '政协')),  -- 所属机构只能是人大或政协。
  CONSTRAINT ck_deputies_level CHECK (level IN ('国家级', '省级', '市级', '区县级', '乡镇级')),  -- 层级不在可选范围内。
  CONSTRAINT ck_deputies_kind CHECK (kind IN ('个人', '团体'))  -- 只能选个人或团体。
);
CREATE INDEX ix_deputies_name ON deputies (name);

-- 内容分类：一行是建议提案的一个内容类别，如城建城管、科教文卫。
-- 名称：{name}
-- 列表：name sort_order is_active
-- 入口：系统管理员 交办督查
CREATE TABLE content_categories (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  name VARCHAR(40) NOT NULL,                       -- 分类名称：[搜索]
  sort_order INTEGER NOT NULL DEFAULT 0,           -- 排序：小的在前
  is_active BOOLEAN NOT NULL DEFAULT TRUE,         -- 在用：
  CONSTRAINT uq_content_categories_name UNIQUE (name)  -- 已有同名的内容分类。
);

-- 日历年份：一行是一年，说明这一年的放假安排是否已公布。
-- 名称：{year}年
-- 列表：year is_published source
-- 入口：系统管理员 交办督查
CREATE TABLE calendar_years (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  year INTEGER NOT NULL,                           -- 年份：[搜索]
  is_published BOOLEAN NOT NULL DEFAULT TRUE,      -- 已公布：未公布的年份按周一至周五推算
  source VARCHAR(200) NOT NULL DEFAULT '',         -- 依据：放假通知的文号或出处
  CONSTRAINT uq_calendar_years_year UNIQUE (year), -- 这个年份已经登记。
  CONSTRAINT ck_calendar_years_year CHECK (year BETWEEN 1990 AND 2100)  -- 年份应在1990到2100之间。
);

-- 特殊日期：一行是一个与周末规律不同的日子：放假的工作日，或调休上班的周末。
-- 名称：{day} {kind}
-- 列表：day kind name calendar_year_id
-- 入口：系统管理员 交办督查
CREATE TABLE calendar_days (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  calendar_year_id INTEGER NOT NULL,               -- 年份：
  day DATE NOT NULL,                               -- 日期：[搜索]
  kind VARCHAR(4) NOT NULL,                        -- 性质：
  name VARCHAR(40) NOT NULL DEFAULT '',            -- 节日：[搜索] 如春节、国庆节
  CONSTRAINT uq_calendar_days_day UNIQUE (day),    -- 这一天已经登记。
  CONSTRAINT ck_calendar_days_kind CHECK (kind IN ('放假', '上班')),  -- 性质只能是放假或上班。
  CONSTRAINT fk_calendar_days_year FOREIGN KEY (calendar_year_id) REFERENCES calendar_years (id) ON DELETE CASCADE  -- 请先登记这个年份。
);
CREATE INDEX ix_calendar_days_year ON calendar_days (calendar_year_id);

-- == 督办 ==

-- 时限方案：一行是一套时限规则，如某区某年的通知所定。
-- 名称：{name}
-- 列表：name source is_active
-- 入口：交办督查
CREATE TABLE deadline_rule_sets (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  name VARCHAR(60) NOT NULL,                       -- 方案名称：[搜索]
  source VARCHAR(300) NOT NULL DEFAULT '',         -- 依据：通知的名称和文号
  is_active BOOLEAN NOT NULL DEFAULT TRUE,         -- 在用：
  CONSTRAINT uq_deadline_rule_sets_name UNIQUE (name)  -- 已有同名的时限方案。
);

-- 审签流程：一行是一套审签环节，如某区某年的通知所定；会议选用哪一套，答复就照它走。
-- 名称：{name}
-- 列表：name source resumes needs_ledger needs_file is_active
-- 入口：交办督查
CREATE TABLE review_routes (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  name VARCHAR(60) NOT NULL,                       -- 流程名称：[搜索]
  source VARCHAR(300) NOT NULL DEFAULT '',         -- 依据：通知的名称和文号
  resumes BOOLEAN NOT NULL DEFAULT FALSE,          -- 退回后接着走：是，再送审从退回的那一步走起；否，从头走
  needs_ledger BOOLEAN NOT NULL DEFAULT TRUE,      -- 须有台账：送审的答复要先记办理台账
  needs_file BOOLEAN NOT NULL DEFAULT FALSE,       -- 须有附件：送审的答复要附签章扫描件或正式文件
  own_drafts BOOLEAN NOT NULL DEFAULT FALSE,       -- 可自拟自审：否，单位里拟稿、送审的人不能再通过这份稿子，要由别人审签；是，同一个人可以接着审
  tells_who_meets BOOLEAN NOT NULL DEFAULT FALSE,  -- 提醒谁面商：办前分管负责人、办中经办人员、办后主要负责人；台账里没有的，送审和正式答复时提醒
  is_active BOOLEAN NOT NULL DEFAULT TRUE,         -- 在用：
  CONSTRAINT uq_review_routes_name UNIQUE (name)   -- 已有同名的审签流程。
);

-- 审签环节：一行是一套审签流程里的一步：第几步、由谁审、哪些答复要走。
-- 名称：{step}（{review_route}）
-- 列表：position step signer kind items recorder
-- 次序：review_route_id position
-- 从属：review_route_id
CREATE TABLE review_route_steps (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  review_route_id INTEGER NOT NULL,                -- 审签流程：
  position INTEGER NOT NULL,                       -- 顺序：小的先走
  step VARCHAR(8) NOT NULL,                        -- 环节：
  signer VARCHAR(10) NOT NULL,                     -- 审签角色：由哪个角色的用户审签；协办会签由本件各协办单位的联络员或领导签
  kind VARCHAR(6) NOT NULL DEFAULT '全部',         -- 答复种类：哪种答复走这一步
  items VARCHAR(6) NOT NULL DEFAULT '全部',        -- 哪些件：重点件是填了重点类别的件
  recorder VARCHAR(10) NOT NULL DEFAULT '不代录',  -- 纸签代录：在纸上签的，由哪个角色登记日期并传扫描件
  CONSTRAINT uq_review_route_steps_position UNIQUE (review_route_id, position),  -- 这套流程的这个顺序号已有环节。
  CONSTRAINT ck_review_route_steps_position CHECK (position > 0),  -- 顺序从1起。
  CONSTRAINT ck_review_route_steps_step CHECK (step IN ('复核', '分管审核', '主要审签', '协办会签', '督办审签', '督查审核')),  -- 环节不在可选范围内。
  CONSTRAINT ck_review_route_steps_signer CHECK (signer IN ('承办单位联络员', '承办单位领导', '协办单位', '督办领导', '交办督查')),  -- 审签角色不在可选范围内。
  CONSTRAINT ck_review_route_steps_together CHECK ((step = '协办会签') = (signer = '协办单位')),  -- 协办会签的审签角色是协办单位，别的环节不是。
  CONSTRAINT ck_review_route_steps_opinion CHECK (step <> '协办会签' OR kind <> '协办意见'),  -- 协办意见不用协办单位会签。
  CONSTRAINT ck_review_route_steps_key CHECK (step <> '督办审签' OR items = '重点件'),  -- 督办审签只用于重点件。
  CONSTRAINT ck_review_route_steps_kind CHECK (kind IN ('全部', '答复', '协办意见', '再次答复')),  -- 答复种类不在可选范围内。
  CONSTRAINT ck_review_route_steps_items CHECK (items IN ('全部', '重点件', '非重点件')),  -- 哪些件不在可选范围内。
  CONSTRAINT ck_review_route_steps_recorder CHECK (recorder IN ('不代录', '承办单位联络员', '交办督查')),  -- 代录角色不在可选范围内。
  CONSTRAINT fk_review_route_steps_route FOREIGN KEY (review_route_id) REFERENCES review_routes (id) ON DELETE CASCADE  -- 所选审签流程不存在。
);

-- == 系统 ==

-- 用户：一行是一个可以登录的人。
-- 名称：{full_name} {unit}
-- 简称：{full_name}
-- 列表：username full_name role unit_id is_active last_login_at
-- 入口：系统管理员 交办督查 审计员
CREATE TABLE users (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  username VARCHAR(60) NOT NULL,                   -- 登录名：[搜索]
  full_name VARCHAR(40) NOT NULL,                  -- 姓名：[搜索]
  role VARCHAR(10) NOT NULL,                       -- 角色：决定能看到什么、能做什么
  unit_id INTEGER,                                 -- 所属单位：联络员和单位领导必须填
  deputy_id INTEGER,                               -- 对应代表委员：代表/委员必须填
  body VARCHAR(4),                                 -- 所属机构：人大/政协机构必须填
  email VARCHAR(100) NOT NULL DEFAULT '',          -- 邮箱：提醒邮件发到这里
  phone VARCHAR(30) NOT NULL DEFAULT '',           -- 电话：
  is_active BOOLEAN NOT NULL DEFAULT TRUE,         -- 启用：停用后立即不能登录
  password_hash VARCHAR(200) NOT NULL DEFAULT '',  -- 密码摘要：[隐藏]
  must_change_password BOOLEAN NOT NULL DEFAULT TRUE,  -- 须改密码：[自动] 首次登录必须改密码
  password_changed_at TIMESTAMP,                   -- 改密时间：[自动]
  failed_logins INTEGER NOT NULL DEFAULT 0,        -- 连续失败次数：[自动]
  locked_until TIMESTAMP,                          -- 锁定至：[自动] 连续输错密码后的锁定时间
  last_login_at TIMESTAMP,                         -- 上次登录：[自动]
  CONSTRAINT uq_users_username UNIQUE (username),  -- 这个登录名已被使用。
  CONSTRAINT ck_users_username CHECK (username <> ''),  -- 登录名不能为空。
  CONSTRAINT ck_users_spaces CHECK (username = REPLACE(REPLACE(username, ' ', ''), '　', '')),  -- 登录名里不能有空格。
  CONSTRAINT ck_users_lower CHECK (username = LOWER(username)),  -- 登录名里的字母要用小写；登录时大小写都可以。
  CONSTRAINT ck_users_email CHECK (email = '' OR (email <> REPLACE(email, '@', '') AND SUBSTR(email, 1, 1) <> '@' AND email = REPLACE(email, ' ', ''))),  -- 邮箱要写成 zhang@example.cn 这样。
  CONSTRAINT ck_users_phone CHECK (phone = '' OR SUBSTR(phone, 1, 1) IN ('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '+', '(', '（')),  -- 电话要以数字开头，如 0772-2812345。
  CONSTRAINT ck_users_role CHECK (role IN ('系统管理员', '交办督查', '承办单位联络员', '承办单位领导', '督办领导', '人大/政协机构', '代表/委员', '审计员')),  -- 角色不在可选范围内。
  CONSTRAINT ck_users_body CHECK (body IN ('人大', '政协')),  -- 所属机构只能是人大或政协。
  CONSTRAINT ck_users_unit CHECK (role NOT IN ('承办单位联络员', '承办单位领导') OR unit_id IS NOT NULL),  -- 联络员和单位领导必须填所属单位。
  CONSTRAINT ck_users_deputy CHECK (role <> '代表/委员' OR deputy_id IS NOT NULL),  -- 代表/委员必须填对应代表委员。
  CONSTRAINT ck_users_agency CHECK (role <> '人大/政协机构' OR body IS NOT NULL),  -- 人大/政协机构必须填所属机构。
  CONSTRAINT fk_users_unit FOREIGN KEY (unit_id) REFERENCES units (id) ON DELETE RESTRICT,  -- 这个单位还有用户，不能删除；可以改为停用。
  CONSTRAINT fk_users_deputy FOREIGN KEY (deputy_id) REFERENCES deputies (id) ON DELETE RESTRICT  -- 这位代表委员还有登录用户，不能删除。
);
CREATE INDEX ix_users_unit ON users (unit_id);
CREATE INDEX ix_users_deputy ON users (deputy_id);

-- == 登记 ==

-- 届次会议：一行是一次会议，也就是一个批次的建议或提案。
-- 名称：{name}
-- 列表：name body level year kind handed_over_on is_closed
-- 入口：交办督查 人大/政协机构
CREATE TABLE meetings (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  name VARCHAR(100) NOT NULL,                      -- 会议名称：[搜索] 全称，如“柳州市第十五届人大第五次会议”
  body VARCHAR(4) NOT NULL,                        -- 会议机构：
  level VARCHAR(6) NOT NULL,                       -- 层级：
  term INTEGER NOT NULL,                           -- 届：
  session INTEGER NOT NULL,                        -- 次：
  year INTEGER NOT NULL,                           -- 年度：固定日期的时限按这一年推算
  kind VARCHAR(6) NOT NULL DEFAULT '建议',         -- 默认类型：分工方案没有写明时用
  opened_on DATE,                                  -- 开幕日期：
  closed_on DATE,                                  -- 闭幕日期：
  handed_over_on DATE,                             -- 交办日期：整批交办的日期，逐件可以不同
  rule_set_id INTEGER,                             -- 时限方案：
  review_route_id INTEGER,                         -- 审签流程：答复送审以后经过哪些环节；不填则直接送督查审核
  is_closed BOOLEAN NOT NULL DEFAULT FALSE,        -- 已归档：[后续]
  note VARCHAR(300) NOT NULL DEFAULT '',           -- 备注：
  CONSTRAINT uq_meetings_name UNIQUE (name),       -- 已有同名的会议。
  CONSTRAINT uq_meetings_session UNIQUE (body, level, term, session),  -- 这一届次的会议已经登记。
  CONSTRAINT ck_meetings_body CHECK (body IN ('人大', '政协')),  -- 会议机构只能是人大或政协。
  CONSTRAINT ck_meetings_level CHECK (level IN ('国家级', '省级', '市级', '区县级', '乡镇级')),  -- 层级不在可选范围内。
  CONSTRAINT ck_meetings_kind CHECK (kind IN ('建议', '议案', '提案', '建议案', '专线电话件', '社情民意')),  -- 默认类型不在可选范围内。
  CONSTRAINT ck_meetings_year CHECK (year BETWEEN 1990 AND 2100),  -- 年度应在1990到2100之间。
  CONSTRAINT ck_meetings_numbers CHECK (term > 0 AND session > 0),  -- 届和次都要大于0。
  CONSTRAINT ck_meetings_dates CHECK (opened_on IS NULL OR closed_on IS NULL OR closed_on >= opened_on),  -- 闭幕日期不能早于开幕日期。
  CONSTRAINT ck_meetings_handed CHECK (opened_on IS NULL OR handed_over_on IS NULL OR handed_over_on >= opened_on),  -- 交办日期不能早于开幕日期。
  CONSTRAINT fk_meetings_rule_set FOREIGN KEY (rule_set_id) REFERENCES deadline_rule_sets (id) ON DELETE RESTRICT,  -- 这套时限方案还有会议在用，不能删除。
  CONSTRAINT fk_meetings_review_route FOREIGN KEY (review_route_id) REFERENCES review_routes (id) ON DELETE RESTRICT  -- 这套审签流程还有会议在用，不能删除。
);
CREATE INDEX ix_meetings_rule_set ON meetings (rule_set_id);
CREATE INDEX ix_meetings_review_route ON meetings (review_route_id);

-- 答复类别：一行是一次会议的一个答复类别（A、B、C 等）及其定义。
-- 名称：{letter}类 {definition}（{meeting}）
-- 简称：{letter}类
-- 列表：meeting_id letter definition is_promise
-- 入口：交办督查 承办单位联络员 承办单位领导 人大/政协机构
CREATE TABLE answer_categories (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  meeting_id INTEGER NOT NULL,                     -- 届次会议：
  letter VARCHAR(4) NOT NULL,                      -- 类别：[搜索] 如 A、B、C、D 或甲、乙、丙
  definition VARCHAR(200) NOT NULL,                -- 定义：[搜索] 什么情况属于这一类
  is_promise BOOLEAN NOT NULL DEFAULT FALSE,       -- 需回头看：列入计划逐步解决的类别，次年要再次答复
  is_solved BOOLEAN NOT NULL DEFAULT FALSE,        -- 算已解决：统计解决率时计入
  sort_order INTEGER NOT NULL DEFAULT 0,           -- 排序：小的在前
  CONSTRAINT uq_answer_categories_letter UNIQUE (meeting_id, letter),  -- 这次会议已有这个答复类别。
  CONSTRAINT uq_answer_categories_meeting UNIQUE (id, meeting_id),  -- 答复类别与会议的对应重复。
  CONSTRAINT fk_answer_categories_meeting FOREIGN KEY (meeting_id) REFERENCES meetings (id) ON DELETE CASCADE  -- 所选届次会议不存在。
);

-- 建议提案：一行是一件建议、议案、提案、建议案、代表委员的专线电话件或社情民意。
-- 名称：{kind}{number}号 {title}
-- 列表：number kind title state key_kind lead_units lead_sponsor next_due_on days_late
-- 旁列：lead_units 主办单位 = assignments.unit_id [role=主办 分办] [state<>已退办] [state<>已撤办]：分办的件列出各分办单位
-- 旁列：partner_units 协办单位 = assignments.unit_id [role=协办] [state<>已退办] [state<>已撤办]
-- 旁列：lead_sponsor 领衔 = sponsors.deputy_id [role=领衔]：第一提案人
-- 旁列：joint_sponsors 联名 = sponsors.deputy_id [role=联名]
-- 旁列：answer_letter 答复类别 = replies.answer_category.letter 末个 round：标了类别的答复中最近一轮的，如 A
-- 旁列：publicity 公开属性 = replies.publicity [kind=答复] [state=已答复] 末个 round：最近一轮答复的；公开的是答复，在答复上办
-- 旁列：published_on 公开日期 = replies.published_on [kind=答复] 最晚
-- 旁列：next_due_on 最近到期 = assignments.deadlines.due_on [assignments.role=主办 分办] [milestone<>申请退办] [done_on=空] 最早：主办、分办单位还没有完成的时限中最早的一个；协办单位的看承办任务
-- 旁列：days_late 逾期自然日 = assignments.deadlines.due_on [assignments.role=主办 分办] [milestone<>申请退办] [done_on=空] 已过：最近到期的一天过了几个自然日；没有过期的空着
-- 先填：meeting_id kind submitted_on handed_over_on number title
-- 接着：登记下一件
CREATE TABLE proposals (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  meeting_id INTEGER NOT NULL,                     -- 届次会议：[沿用]
  kind VARCHAR(6) NOT NULL,                        -- 类型：[承接] [沿用]
  number VARCHAR(30) NOT NULL,                     -- 案号：[搜索] [案号] 不带“第”“号”，如 001、闭字1
  title VARCHAR(300) NOT NULL,                     -- 标题：[搜索] 案由
  state VARCHAR(6) NOT NULL DEFAULT '登记',        -- 办理状态：[自动] 随签收、答复、反馈和办结改变
  awaits_unit BOOLEAN DEFAULT TRUE,                -- 待交办：[自动] 在办的件没有主办、分办单位的为是，别的空着
  content_category_id INTEGER,                     -- 内容分类：
  handling_class VARCHAR(6),                       -- 分类办理：[后续] 项目推进类由工作专班专项落实，体制机制类纳入重点改革事项统筹研究
  task_force VARCHAR(100) NOT NULL DEFAULT '',     -- 工作专班：[后续] 项目推进类的填
  reform VARCHAR(200) NOT NULL DEFAULT '',         -- 改革事项：[后续] 体制机制类的填纳入哪项改革
  area_role VARCHAR(4) NOT NULL DEFAULT '主办',    -- 本地承担：上级交来的件，本地是主办还是协办；本级件选主办
  upper_unit VARCHAR(100) NOT NULL DEFAULT '',     -- 上级主办单位：本地协办时，协办意见报给它
  key_kind VARCHAR(12),                            -- 重点类别：重点件才填
  supervisor_id INTEGER,                           -- 督办领导：[只选 role=督办领导] 重点督办件的督办领导
  source VARCHAR(6) NOT NULL DEFAULT '会议期间',   -- 提出时间：[沿用]
  submitted_on DATE,                               -- 提出日期：[沿用] [已发生]
  registered_on DATE,                              -- 登记日期：[沿用] [已发生]
  handed_over_on DATE,                             -- 单独交办日期：[今天] [沿用] 本件从哪天算交办；空着就用会议的交办日期，会后才交的填交办当天
  counts_from_on DATE,                             -- 交办日期：[自动] 本件算作哪天交办：单独交办日期，没有则用会议的
  due_on DATE,                                     -- 办理时限：分工方案写明的时限；不填则按时限规则
  is_history BOOLEAN NOT NULL DEFAULT FALSE,       -- 历史件：往年已经办过的件，只供查询、比较和回头看：算作办结，没有时限，不催办，不计逾期
  delegation VARCHAR(60) NOT NULL DEFAULT '',      -- 代表团或界别：[搜索]
  abstract TEXT NOT NULL DEFAULT '',               -- 摘要：
  body TEXT NOT NULL DEFAULT '',                   -- 原文：
  leader VARCHAR(40) NOT NULL DEFAULT '',          -- 责任领导：
  merged_into_id INTEGER,                          -- 并入：[经办] 并案时填主案，答复以主案为准
  carried_from_id INTEGER,                         -- 接续：跨年度件填上一年的原件
  tracker VARCHAR(40) NOT NULL DEFAULT '',         -- 跟踪人：跨年度件的专门跟踪人
  withdrawn_on DATE,                               -- 撤回日期：[经办] [已发生] 代表委员书面撤回的日期，办理终止
  withdrawal_reason VARCHAR(200) NOT NULL DEFAULT '',  -- 撤回缘由：[经办]
  closed_on DATE,                                  -- 办结日期：[经办] [已发生]
  closing_note VARCHAR(200) NOT NULL DEFAULT '',   -- 办结说明：[经办] 反馈表没有收齐就办结的，写明原因
  written_off_on DATE,                             -- 销号日期：[经办] [已发生]
  note VARCHAR(300) NOT NULL DEFAULT '',           -- 备注：
  CONSTRAINT uq_proposals_number UNIQUE (number, kind, meeting_id),  -- 这次会议已有这个类型和案号的件。
  CONSTRAINT uq_proposals_meeting UNIQUE (id, meeting_id),  -- 件与会议的对应重复。
  CONSTRAINT uq_proposals_area_role UNIQUE (id, meeting_id, area_role),  -- 件与本地承担的对应重复。
  CONSTRAINT ck_proposals_number CHECK (number <> ''),  -- 案号不能为空。
  CONSTRAINT ck_proposals_title CHECK (title <> ''),  -- 标题不能为空。
  CONSTRAINT ck_proposals_kind CHECK (kind IN ('建议', '议案', '提案', '建议案', '专线电话件', '社情民意')),  -- 类型只能是建议、议案、提案、建议案、专线电话件或社情民意。
  CONSTRAINT ck_proposals_state CHECK (state IN ('登记', '交办', '办理', '审核', '答复', '评价', '重办', '办结', '销号', '撤回')),  -- 办理状态不在可选范围内。
  CONSTRAINT ck_proposals_area_role CHECK (area_role IN ('主办', '协办')),  -- 本地承担只能是主办或协办。
  CONSTRAINT ck_proposals_key_kind CHECK (key_kind IN ('重点建议', '重点提案', '领导督办', '人大重点督办', '政协重点督办', '三公开')),  -- 重点类别不在可选范围内。
  CONSTRAINT ck_proposals_handling_class CHECK (handling_class IN ('项目推进类', '体制机制类')),  -- 分类办理只能是项目推进类或体制机制类。
  CONSTRAINT ck_proposals_task_force CHECK (handling_class <> '项目推进类' OR task_force <> ''),  -- 项目推进类的件，请写明工作专班。
  CONSTRAINT ck_proposals_of_project CHECK (COALESCE(handling_class, '') = '项目推进类' OR task_force = ''),  -- 工作专班只用于项目推进类的件。
  CONSTRAINT ck_proposals_reform CHECK (handling_class <> '体制机制类' OR reform <> ''),  -- 体制机制类的件，请写明纳入哪项改革事项。
  CONSTRAINT ck_proposals_of_reform CHECK (COALESCE(handling_class, '') = '体制机制类' OR reform = ''),  -- 改革事项只用于体制机制类的件。
  CONSTRAINT ck_proposals_source CHECK (source IN ('会议期间', '闭会期间')),  -- 提出时间只能是会议期间或闭会期间。
  CONSTRAINT ck_proposals_merged CHECK (merged_into_id IS NULL OR merged_into_id <> id),  -- 一件不能并入自己。
  CONSTRAINT ck_proposals_carried CHECK (carried_from_id IS NULL OR carried_from_id <> id),  -- 一件不能接续自己。
  CONSTRAINT ck_proposals_handed CHECK (submitted_on IS NULL OR handed_over_on IS NULL OR handed_over_on >= submitted_on),  -- 交办日期不能早于提出日期。
  CONSTRAINT ck_proposals_due CHECK (handed_over_on IS NULL OR due_on IS NULL OR due_on >= handed_over_on),  -- 办理时限不能早于交办日期。
  CONSTRAINT ck_proposals_closed CHECK (handed_over_on IS NULL OR closed_on IS NULL OR closed_on >= handed_over_on),  -- 办结日期不能早于交办日期。
  CONSTRAINT ck_proposals_written_off CHECK (written_off_on IS NULL OR (closed_on IS NOT NULL AND written_off_on >= closed_on)),  -- 先办结后销号，销号日期不能早于办结日期。
  CONSTRAINT ck_proposals_withdrawn CHECK (submitted_on IS NULL OR withdrawn_on IS NULL OR withdrawn_on >= submitted_on),  -- 撤回日期不能早于提出日期。
  CONSTRAINT fk_proposals_meeting FOREIGN KEY (meeting_id) REFERENCES meetings (id) ON DELETE RESTRICT,  -- 这次会议还有建议提案，不能删除。
  CONSTRAINT fk_proposals_content_category FOREIGN KEY (content_category_id) REFERENCES content_categories (id) ON DELETE RESTRICT,  -- 这个内容分类还有件在用，不能删除。
  CONSTRAINT fk_proposals_supervisor FOREIGN KEY (supervisor_id) REFERENCES users (id) ON DELETE RESTRICT,  -- 这位督办领导还有督办件，不能删除。
  CONSTRAINT fk_proposals_merged_into FOREIGN KEY (merged_into_id, meeting_id) REFERENCES proposals (id, meeting_id) ON DELETE RESTRICT,  -- 并案只能并入同一次会议的件；有件并入的主案不能删除。
  CONSTRAINT fk_proposals_carried_from FOREIGN KEY (carried_from_id) REFERENCES proposals (id) ON DELETE RESTRICT  -- 有跨年度件接续这一件，不能删除。
);
CREATE INDEX ix_proposals_content_category ON proposals (content_category_id);
CREATE INDEX ix_proposals_supervisor ON proposals (supervisor_id);
CREATE INDEX ix_proposals_merged_into ON proposals (merged_into_id, meeting_id);
CREATE INDEX ix_proposals_carried_from ON proposals (carried_from_id);
CREATE INDEX ix_proposals_meeting ON proposals (meeting_id, id);
CREATE INDEX ix_proposals_state ON proposals (state, id);
CREATE INDEX ix_proposals_due ON proposals (due_on, id);
CREATE INDEX ix_proposals_awaits_unit ON proposals (state, id) WHERE awaits_unit IS NOT NULL;
CREATE INDEX ix_proposals_history ON proposals (is_history, id);
CREATE INDEX ix_proposals_counts_from ON proposals (counts_from_on, id);

-- 提出人：一行是一位代表委员在一件建议提案中的署名。
-- 名称：{deputy}{role} {proposal}
-- 列表：proposal_id role deputy_id position
-- 从属：proposal_id
CREATE TABLE sponsors (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  proposal_id INTEGER NOT NULL,                    -- 建议提案：
  deputy_id INTEGER NOT NULL,                      -- 代表委员：
  role VARCHAR(4) NOT NULL,                        -- 署名方式：
  position INTEGER NOT NULL DEFAULT 0,             -- 顺序：领衔为0，联名从1起
  wants_reply BOOLEAN NOT NULL DEFAULT TRUE,       -- 须寄送答复：
  CONSTRAINT uq_sponsors_deputy UNIQUE (proposal_id, deputy_id),  -- 这位代表委员已在本件署名。
  CONSTRAINT ck_sponsors_role CHECK (role IN ('领衔', '联名', '附议')),  -- 署名方式只能是领衔、联名或附议。
  CONSTRAINT fk_sponsors_proposal FOREIGN KEY (proposal_id) REFERENCES proposals (id) ON DELETE CASCADE,  -- 所选建议提案不存在。
  CONSTRAINT fk_sponsors_deputy FOREIGN KEY (deputy_id) REFERENCES deputies (id) ON DELETE RESTRICT  -- 这位代表委员还有署名的件，不能删除。
);
CREATE INDEX ix_sponsors_deputy ON sponsors (deputy_id);
CREATE UNIQUE INDEX uq_sponsors_one_lead ON sponsors (proposal_id) WHERE role = '领衔';  -- 一件只能有一位领衔人（第一提案人）。

-- 现场意见：一行是两会现场或会后调研中收集的一条意见，及其研判、交办和“双反馈”。
-- 名称：{summary}
-- 列表：meeting_id collected_on occasion deputy_id summary unit_id judged_on handed_over_on first_feedback_on
-- 同表：meeting_id
-- 先填：meeting_id collected_on occasion summary deputy_id collector
-- 接着：登记下一条
CREATE TABLE onsite_opinions (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  meeting_id INTEGER NOT NULL,                     -- 届次会议：[沿用]
  collected_on DATE NOT NULL,                      -- 收集日期：[今天] [沿用] [已发生]
  occasion VARCHAR(10) NOT NULL DEFAULT '分组讨论',  -- 场合：[沿用] 会上的是分组讨论，会后调研的是座谈、走访
  deputy_id INTEGER,                               -- 代表委员：
  summary VARCHAR(300) NOT NULL,                   -- 意见内容：[搜索]
  collector VARCHAR(40) NOT NULL DEFAULT '',       -- 记录人：[本人] [沿用]
  unit_id INTEGER,                                 -- 拟办单位：[经办] 研判时定，交办时可以改
  content_category_id INTEGER,                     -- 内容分类：[经办]
  judgement VARCHAR(300) NOT NULL DEFAULT '',      -- 初步研判：[经办]
  judged_on DATE,                                  -- 研判日期：[经办] [已发生]
  handed_over_on DATE,                             -- 交办日期：[经办] [已发生]
  first_feedback_on DATE,                          -- 首次反馈日期：[经办] [已发生]
  first_feedback_by VARCHAR(40) NOT NULL DEFAULT '',  -- 首次反馈人：[经办]
  first_feedback_mode VARCHAR(6),                  -- 首次反馈方式：[经办]
  feedback_note VARCHAR(300) NOT NULL DEFAULT '',  -- 首次反馈情况：[经办]
  second_feedback_on DATE,                         -- 再次反馈日期：[经办] [已发生]
  second_feedback_by VARCHAR(40) NOT NULL DEFAULT '',  -- 再次反馈人：[经办]
  second_feedback_mode VARCHAR(6),                 -- 再次反馈方式：[经办]
  second_note VARCHAR(300) NOT NULL DEFAULT '',    -- 再次反馈情况：[经办]
  proposal_id INTEGER,                             -- 转为建议提案：[经办]
  CONSTRAINT ck_onsite_opinions_summary CHECK (summary <> ''),  -- 意见内容不能为空。
  CONSTRAINT ck_onsite_opinions_occasion CHECK (occasion IN ('分组讨论', '座谈', '走访', '其他')),  -- 场合不在可选范围内。
  CONSTRAINT ck_onsite_opinions_first_mode CHECK (first_feedback_mode IN ('当面', '座谈', '电话', '书面', '其他')),  -- 首次反馈方式不在可选范围内。
  CONSTRAINT ck_onsite_opinions_second_mode CHECK (second_feedback_mode IN ('当面', '座谈', '电话', '书面', '其他')),  -- 再次反馈方式不在可选范围内。
  CONSTRAINT ck_onsite_opinions_judged CHECK (judged_on IS NULL OR judged_on >= collected_on),  -- 研判日期不能早于收集日期。
  CONSTRAINT ck_onsite_opinions_handed CHECK (handed_over_on IS NULL OR (unit_id IS NOT NULL AND handed_over_on >= collected_on)),  -- 交办的意见要有拟办单位，交办日期不能早于收集日期。
  CONSTRAINT ck_onsite_opinions_first CHECK (first_feedback_on IS NULL OR first_feedback_on >= collected_on),  -- 首次反馈不能早于收集日期。
  CONSTRAINT ck_onsite_opinions_feedback CHECK (second_feedback_on IS NULL OR (first_feedback_on IS NOT NULL AND second_feedback_on >= first_feedback_on)),  -- 再次反馈不能早于首次反馈。
  CONSTRAINT fk_onsite_opinions_meeting FOREIGN KEY (meeting_id) REFERENCES meetings (id) ON DELETE RESTRICT,  -- 这次会议还有现场意见，不能删除。
  CONSTRAINT fk_onsite_opinions_deputy FOREIGN KEY (deputy_id) REFERENCES deputies (id) ON DELETE RESTRICT,  -- 这位代表委员还有现场意见，不能删除。
  CONSTRAINT fk_onsite_opinions_unit FOREIGN KEY (unit_id) REFERENCES units (id) ON DELETE RESTRICT,  -- 这个单位还有现场意见，不能删除。
  CONSTRAINT fk_onsite_opinions_category FOREIGN KEY (content_category_id) REFERENCES content_categories (id) ON DELETE RESTRICT,  -- 这个内容分类还有现场意见在用，不能删除。
  CONSTRAINT fk_onsite_opinions_proposal FOREIGN KEY (proposal_id) REFERENCES proposals (id) ON DELETE SET NULL  -- 所选建议提案不存在。
);
CREATE INDEX ix_onsite_opinions_category ON onsite_opinions (content_category_id);
CREATE INDEX ix_onsite_opinions_meeting ON onsite_opinions (meeting_id);
CREATE INDEX ix_onsite_opinions_deputy ON onsite_opinions (deputy_id);
CREATE INDEX ix_onsite_opinions_unit ON onsite_opinions (unit_id);
CREATE INDEX ix_onsite_opinions_proposal ON onsite_opinions (proposal_id);

-- == 交办 ==

-- 承办任务：一行是把一件交给一个单位办理，一件可有多个单位。
-- 名称：{unit}{role} {proposal}
-- 列表：proposal_id unit_id role state signed_on next_due_on days_late
-- 旁列：item_meeting 届次会议 = proposal.meeting_id
-- 旁列：item_state 办理状态 = proposal.state：所办的件走到哪一步
-- 旁列：item_key_kind 重点类别 = proposal.key_kind
-- 旁列：lead_sponsor 领衔 = proposal.sponsors.deputy_id [role=领衔]：第一提案人
-- 旁列：next_due_on 最近到期 = deadlines.due_on [milestone<>申请退办] [done_on=空] 最早：还没有完成的时限中最早的一个
-- 旁列：days_late 逾期自然日 = deadlines.due_on [milestone<>申请退办] [done_on=空] 已过：最近到期的一天过了几个自然日；没有过期的空着
-- 次序：-proposal_id role
-- 同表：proposal_id
-- 附看：proposal.abstract proposal.body
-- 入口：交办督查 承办单位联络员 承办单位领导 督办领导 人大/政协机构
CREATE TABLE assignments (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  proposal_id INTEGER NOT NULL,                    -- 建议提案：
  unit_id INTEGER NOT NULL,                        -- 承办单位：
  role VARCHAR(4) NOT NULL,                        -- 承办方式：主办统一答复；分办各自答复；协办把意见交主办
  state VARCHAR(6) NOT NULL DEFAULT '待签收',      -- 任务状态：[自动] 随签收、退办、答复改变
  handed_over_on DATE,                             -- 单独交办日期：[今天] 本任务从哪天算交办；空着就用建议提案的交办日期，增办、改派的填交办当天
  counts_from_on DATE,                             -- 交办日期：[自动] 时限从哪天起算：单独交办日期，没有则用建议提案的
  notice_no VARCHAR(60) NOT NULL DEFAULT '',       -- 交办文号：交办通知的文号
  assigned_at TIMESTAMP,                           -- 交办时间：[自动] 在系统里交办的时间
  assigned_by_id INTEGER,                          -- 交办人：[自动]
  signed_on DATE,                                  -- 签收日期：[经办] [已发生]
  signed_at TIMESTAMP,                             -- 签收时间：[自动]
  signed_by_id INTEGER,                            -- 签收人：[自动]
  signing_note VARCHAR(300) NOT NULL DEFAULT '',   -- 签收更正说明：[经办] 交办督查改签收日期的理由
  leader VARCHAR(40) NOT NULL DEFAULT '',          -- 分管领导：
  office VARCHAR(60) NOT NULL DEFAULT '',          -- 办理科室：
  handler VARCHAR(40) NOT NULL DEFAULT '',         -- 办理人员：
  instruction VARCHAR(300) NOT NULL DEFAULT '',    -- 交办意见：
  finished_on DATE,                                -- 完成日期：[自动] 答复寄送或协办意见送达的日期
  last_record_on DATE,                             -- 最近记录：[自动] 最近一次签收、台账、方案、答复或审核的日期；办理中很久没有记录的算久未动
  ended_on DATE,                                   -- 结束日期：[经办] [已发生] 退办、改派或撤办的日期
  ended_how VARCHAR(4),                            -- 结束方式：[经办] 改派、撤办是交办督查定的，退办是单位申请的
  end_reason VARCHAR(300) NOT NULL DEFAULT '',     -- 结束理由：[经办]
  ended_by_id INTEGER,                             -- 结束经办人：[自动]
  follows_id INTEGER,                              -- 接替：[自动] 由哪项任务退办、改派而来
  turn INTEGER NOT NULL DEFAULT 1,                 -- 第几次：[自动] 退办、撤办以后又交给同一单位的加一
  CONSTRAINT uq_assignments_unit UNIQUE (unit_id, proposal_id, turn),  -- 这个单位已经承办本件。
  CONSTRAINT uq_assignments_proposal UNIQUE (id, proposal_id, role, unit_id),  -- 任务与件、承办方式、单位的对应重复。
  CONSTRAINT uq_assignments_of_unit UNIQUE (id, unit_id),  -- 任务与单位的对应重复。
  CONSTRAINT ck_assignments_role CHECK (role IN ('主办', '分办', '协办')),  -- 承办方式只能是主办、协办或分办。
  CONSTRAINT ck_assignments_state CHECK (state IN ('待签收', '退办中', '已退办', '已撤办', '办理中', '审核中', '已答复', '已完成')),  -- 任务状态不在可选范围内。
  CONSTRAINT ck_assignments_ended_how CHECK (ended_how IN ('退办', '改派', '撤办')),  -- 结束方式不在可选范围内。
  CONSTRAINT ck_assignments_ended CHECK (ended_how IS NULL OR ended_on IS NOT NULL),  -- 结束的任务要有结束日期。
  CONSTRAINT ck_assignments_end_reason CHECK (ended_how IS NULL OR ended_how = '退办' OR end_reason <> ''),  -- 改派、撤办要写明理由。
  CONSTRAINT ck_assignments_turn CHECK (turn > 0),  -- 次数从1起。
  CONSTRAINT ck_assignments_follows CHECK (follows_id IS NULL OR follows_id <> id),  -- 一项任务不能接替自己。
  CONSTRAINT ck_assignments_signed CHECK (signed_on IS NULL OR handed_over_on IS NULL OR signed_on >= handed_over_on),  -- 签收日期不能早于交办日期。
  CONSTRAINT ck_assignments_finished CHECK (finished_on IS NULL OR handed_over_on IS NULL OR finished_on >= handed_over_on),  -- 完成日期不能早于交办日期。
  CONSTRAINT fk_assignments_proposal FOREIGN KEY (proposal_id) REFERENCES proposals (id) ON DELETE RESTRICT,  -- 本件已交办给单位，不能删除。
  CONSTRAINT fk_assignments_unit FOREIGN KEY (unit_id) REFERENCES units (id) ON DELETE RESTRICT,  -- 这个单位还有承办任务，不能删除；可以改为停用。
  CONSTRAINT fk_assignments_signed_by FOREIGN KEY (signed_by_id) REFERENCES users (id) ON DELETE RESTRICT,  -- 这位用户签收过任务，不能删除；可以改为停用。
  CONSTRAINT fk_assignments_assigned_by FOREIGN KEY (assigned_by_id) REFERENCES users (id) ON DELETE RESTRICT,  -- 这位用户交办过任务，不能删除；可以改为停用。
  CONSTRAINT fk_assignments_ended_by FOREIGN KEY (ended_by_id) REFERENCES users (id) ON DELETE RESTRICT,  -- 这位用户改派过任务，不能删除；可以改为停用。
  CONSTRAINT fk_assignments_follows FOREIGN KEY (follows_id) REFERENCES assignments (id) ON DELETE RESTRICT  -- 有任务接替了这一项，不能删除。
);
CREATE INDEX ix_assignments_unit ON assignments (unit_id, id);
CREATE INDEX ix_assignments_unit_state ON assignments (unit_id, state, signed_on, role, proposal_id);
CREATE INDEX ix_assignments_proposal ON assignments (proposal_id);
CREATE INDEX ix_assignments_state ON assignments (state, proposal_id);
CREATE INDEX ix_assignments_last_record ON assignments (state, last_record_on);
CREATE INDEX ix_assignments_signed_by ON assignments (signed_by_id);
CREATE INDEX ix_assignments_assigned_by ON assignments (assigned_by_id);
CREATE INDEX ix_assignments_ended_by ON assignments (ended_by_id);
CREATE INDEX ix_assignments_follows ON assignments (follows_id);
CREATE UNIQUE INDEX uq_assignments_one_lead ON assignments (proposal_id) WHERE role = '主办' AND state <> '已退办' AND state <> '已撤办';  -- 一件只能有一个主办单位；几个单位各自答复的请用分办。

-- 退办申请：一行是一个单位就一项任务提出的退办或改办申请。
-- 名称：{assignment} 退办申请
-- 列表：assignment_id asked_on kind suggested_unit_id decision decided_on
-- 经办
CREATE TABLE return_requests (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  assignment_id INTEGER NOT NULL,                  -- 承办任务：
  unit_id INTEGER NOT NULL,                        -- 承办单位：[自动] 随承办任务
  kind VARCHAR(4) NOT NULL DEFAULT '退办',         -- 申请类型：
  reason TEXT NOT NULL,                            -- 理由：必须写明不属于本单位职责的依据
  suggested_unit_id INTEGER,                       -- 建议改由：建议由哪个单位承办
  asked_on DATE NOT NULL,                          -- 申请日期：[已发生]
  asked_by_id INTEGER,                             -- 申请人：[自动]
  decision VARCHAR(4) NOT NULL DEFAULT '待定',     -- 审核结果：
  decision_note VARCHAR(300) NOT NULL DEFAULT '',  -- 审核意见：
  decided_on DATE,                                 -- 审核日期：[已发生]
  decided_by_id INTEGER,                           -- 审核人：[自动]
  CONSTRAINT ck_return_requests_kind CHECK (kind IN ('退办', '改办', '增办')),  -- 申请类型只能是退办、改办或增办。
  CONSTRAINT ck_return_requests_reason CHECK (reason <> ''),  -- 请写明退办理由。
  CONSTRAINT ck_return_requests_decision CHECK (decision IN ('待定', '同意', '不同意', '撤回')),  -- 审核结果不在可选范围内。
  CONSTRAINT ck_return_requests_decided CHECK (decision = '待定' OR decided_on IS NOT NULL),  -- 已审核的申请要有审核日期。
  CONSTRAINT ck_return_requests_dates CHECK (decided_on IS NULL OR decided_on >= asked_on),  -- 审核日期不能早于申请日期。
  CONSTRAINT fk_return_requests_assignment FOREIGN KEY (assignment_id, unit_id) REFERENCES assignments (id, unit_id) ON DELETE RESTRICT,  -- 这项任务有退办申请，要留作记录，不能删除；不再由这个单位办的，请用“撤办”。
  CONSTRAINT fk_return_requests_unit FOREIGN KEY (unit_id) REFERENCES units (id) ON DELETE RESTRICT,  -- 这个单位提出过退办，不能删除；可以改为停用。
  CONSTRAINT fk_return_requests_suggested FOREIGN KEY (suggested_unit_id) REFERENCES units (id) ON DELETE RESTRICT,  -- 有退办申请建议改由这个单位，不能删除。
  CONSTRAINT fk_return_requests_asked_by FOREIGN KEY (asked_by_id) REFERENCES users (id) ON DELETE RESTRICT,  -- 这位用户提出过退办，不能删除；可以改为停用。
  CONSTRAINT fk_return_requests_decided_by FOREIGN KEY (decided_by_id) REFERENCES users (id) ON DELETE RESTRICT  -- 这位用户审核过退办，不能删除；可以改为停用。
);
CREATE INDEX ix_return_requests_assignment ON return_requests (assignment_id, unit_id);
CREATE INDEX ix_return_requests_unit ON return_requests (unit_id, decision);
CREATE INDEX ix_return_requests_decision ON return_requests (decision, id);
CREATE INDEX ix_return_requests_suggested ON return_requests (suggested_unit_id);
CREATE INDEX ix_return_requests_asked_by ON return_requests (asked_by_id);
CREATE INDEX ix_return_requests_decided_by ON return_requests (decided_by_id);
CREATE UNIQUE INDEX uq_return_requests_open ON return_requests (assignment_id) WHERE decision = '待定';  -- 这项任务已有一份待审核的退办申请。

-- 延期申请：一行是一个单位为一项任务的一个时限申请延到以后。
-- 名称：{assignment} {milestone}延期申请
-- 列表：assignment_id milestone due_on wanted_on reason decision
-- 经办
CREATE TABLE extension_requests (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  assignment_id INTEGER NOT NULL,                  -- 承办任务：
  milestone VARCHAR(6) NOT NULL,                   -- 环节：
  due_on DATE NOT NULL,                            -- 原到期日：
  wanted_on DATE NOT NULL,                         -- 申请延到：
  reason TEXT NOT NULL,                            -- 理由：为什么按期办不完、准备怎么办
  asked_on DATE NOT NULL,                          -- 申请日期：[已发生]
  asked_by_id INTEGER,                             -- 申请人：[自动]
  decision VARCHAR(4) NOT NULL DEFAULT '待定',     -- 审核结果：还没有审核，这一环节就已完成或任务、本件已结束的，自动失效
  granted_on DATE,                                 -- 同意延到：
  decision_note VARCHAR(300) NOT NULL DEFAULT '',  -- 审核意见：
  decided_on DATE,                                 -- 审核日期：[已发生]
  decided_by_id INTEGER,                           -- 审核人：[自动]
  CONSTRAINT ck_extension_requests_step CHECK (milestone IN ('办理方案', '协办意见', '答复', '办结', '重新办理', '再次答复', '再梳理', '总结')),  -- 这个环节不能延期。
  CONSTRAINT ck_extension_requests_reason CHECK (reason <> ''),  -- 请写明延期的理由。
  CONSTRAINT ck_extension_requests_wanted CHECK (wanted_on > due_on),  -- 申请延到的日期要晚于原到期日。
  CONSTRAINT ck_extension_requests_granted CHECK (granted_on IS NULL OR granted_on > due_on),  -- 同意延到的日期要晚于原到期日。
  CONSTRAINT ck_extension_requests_decision CHECK (decision IN ('待定', '同意', '不同意', '撤回', '失效')),  -- 审核结果不在可选范围内。
  CONSTRAINT ck_extension_requests_decided CHECK (decision = '待定' OR decided_on IS NOT NULL),  -- 已审核的申请要有审核日期。
  CONSTRAINT ck_extension_requests_to CHECK (decision <> '同意' OR granted_on IS NOT NULL),  -- 同意延期的要写明延到哪天。
  CONSTRAINT ck_extension_requests_dates CHECK (decided_on IS NULL OR decided_on >= asked_on),  -- 审核日期不能早于申请日期。
  CONSTRAINT fk_extension_requests_task FOREIGN KEY (assignment_id) REFERENCES assignments (id) ON DELETE RESTRICT,  -- 这项任务有延期申请，要留作记录，不能删除；不再由这个单位办的，请用“撤办”。
  CONSTRAINT fk_extension_requests_asked_by FOREIGN KEY (asked_by_id) REFERENCES users (id) ON DELETE RESTRICT,  -- 这位用户申请过延期，不能删除；可以改为停用。
  CONSTRAINT fk_extension_requests_decided FOREIGN KEY (decided_by_id) REFERENCES users (id) ON DELETE RESTRICT  -- 这位用户审核过延期，不能删除；可以改为停用。
);
CREATE INDEX ix_extension_requests_task ON extension_requests (assignment_id);
CREATE INDEX ix_extension_requests_asked_by ON extension_requests (asked_by_id);
CREATE INDEX ix_extension_requests_decided ON extension_requests (decided_by_id);
CREATE UNIQUE INDEX uq_extension_requests_open ON extension_requests (assignment_id, milestone) WHERE decision = '待定';  -- 这个时限已有一份待审核的延期申请。

-- == 办理 ==

-- 诉求：一行是一件建议提案的一条诉求，答复时逐条回应。
-- 名称：第{position}条 {content}（{proposal}）
-- 简称：第{position}条 {content}
-- 列表：proposal_id position content
-- 次序：proposal_id position
-- 从属：proposal_id
CREATE TABLE requests (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  proposal_id INTEGER NOT NULL,                    -- 建议提案：
  position INTEGER NOT NULL DEFAULT 1,             -- 顺序：
  content VARCHAR(500) NOT NULL,                   -- 诉求内容：[搜索]
  CONSTRAINT uq_requests_position UNIQUE (proposal_id, position),  -- 本件的这个顺序号已有诉求。
  CONSTRAINT uq_requests_proposal UNIQUE (id, proposal_id),  -- 诉求与件的对应重复。
  CONSTRAINT ck_requests_position CHECK (position > 0),  -- 顺序从1起。
  CONSTRAINT ck_requests_content CHECK (content <> ''),  -- 诉求内容不能为空。
  CONSTRAINT fk_requests_proposal FOREIGN KEY (proposal_id) REFERENCES proposals (id) ON DELETE CASCADE  -- 所选建议提案不存在。
);

-- 办理方案：一行是一项任务的工作方案，八项内容都要填。
-- 名称：{assignment} 办理方案
-- 列表：assignment_id leader office handler submitted_on accepted_on returned_on
CREATE TABLE handling_plans (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  assignment_id INTEGER NOT NULL,                  -- 承办任务：
  leader VARCHAR(40) NOT NULL,                     -- 分管领导：[承接]
  office VARCHAR(60) NOT NULL,                     -- 办理科室：[承接]
  handler VARCHAR(40) NOT NULL,                    -- 办理人员：[承接]
  study TEXT NOT NULL,                             -- 初步研究情况：
  survey TEXT NOT NULL,                            -- 调研安排：
  contact TEXT NOT NULL,                           -- 沟通代表安排：
  timetable TEXT NOT NULL,                         -- 办理时间表：
  partner_tasks TEXT NOT NULL,                     -- 协办单位具体任务：没有协办单位写“无”
  submitted_on DATE,                               -- 报送日期：[经办] [已发生]
  accepted_on DATE,                                -- 受理日期：[经办] [已发生]
  returned_on DATE,                                -- 退回日期：[经办] [已发生] 退回以后再报送的，不再算退回
  review_note VARCHAR(300) NOT NULL DEFAULT '',    -- 审核意见：[经办]
  CONSTRAINT uq_handling_plans_assignment UNIQUE (assignment_id),  -- 这项任务已有办理方案。
  CONSTRAINT ck_handling_plans_accepted CHECK (accepted_on IS NULL OR (submitted_on IS NOT NULL AND accepted_on >= submitted_on)),  -- 受理日期不能早于报送日期。
  CONSTRAINT fk_handling_plans_assignment FOREIGN KEY (assignment_id) REFERENCES assignments (id) ON DELETE RESTRICT  -- 这项任务已有办理方案，不能删除。
);

-- 办理台账：一行是一项任务的一次办理活动：联系代表、调研、座谈、跟踪落实等（附件7）。
-- 名称：{happened_on} {activity} {assignment}
-- 列表：assignment_id happened_on stage activity contact_mode summary
CREATE TABLE ledger_entries (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  assignment_id INTEGER NOT NULL,                  -- 承办任务：
  happened_on DATE NOT NULL,                       -- 日期：[已发生]
  stage VARCHAR(4) NOT NULL,                       -- 阶段：
  activity VARCHAR(10) NOT NULL,                   -- 活动：
  contact_mode VARCHAR(8),                         -- 联系方式：联系代表委员时必填
  is_face_to_face BOOLEAN NOT NULL DEFAULT FALSE,  -- 面商：当面协商的选是；重点件送审以前要有
  met_by VARCHAR(8),                               -- 面商人：面商的，本单位去的最高一级
  place VARCHAR(100) NOT NULL DEFAULT '',          -- 地点：
  attended_by VARCHAR(100) NOT NULL DEFAULT '',    -- 参加人员：本单位参加的领导和人员
  summary TEXT NOT NULL,                           -- 情况：[搜索]
  recorded_by_id INTEGER,                          -- 记录人：[自动]
  CONSTRAINT ck_ledger_entries_stage CHECK (stage IN ('办前', '办中', '办后')),  -- 阶段只能是办前、办中或办后。
  CONSTRAINT ck_ledger_entries_activity CHECK (activity IN ('签收', '联系代表委员', '制定方案', '调查研究', '召开座谈会', '跟踪落实', '其他')),  -- 活动不在可选范围内。
  CONSTRAINT ck_ledger_entries_contact_mode CHECK (contact_mode IN ('登门走访', '座谈会', '现场调研', '电话', '视频', '信函', '其他')),  -- 联系方式不在可选范围内。
  CONSTRAINT ck_ledger_entries_contact CHECK (activity <> '联系代表委员' OR contact_mode IS NOT NULL),  -- 联系代表委员的，请填联系方式。
  CONSTRAINT ck_ledger_entries_face CHECK (NOT is_face_to_face OR contact_mode IS NULL OR contact_mode IN ('登门走访', '座谈会', '现场调研', '其他')),  -- 电话、视频、信函不算面商。
  CONSTRAINT ck_ledger_entries_met_by CHECK (met_by IN ('主要负责人', '分管负责人', '科室负责人', '经办人员')),  -- 面商人不在可选范围内。
  CONSTRAINT ck_ledger_entries_met CHECK (met_by IS NULL OR is_face_to_face),  -- 填了面商人的，“面商”要选是。
  CONSTRAINT fk_ledger_entries_assignment FOREIGN KEY (assignment_id) REFERENCES assignments (id) ON DELETE RESTRICT,  -- 这项任务已有台账，不能删除。
  CONSTRAINT fk_ledger_entries_recorded_by FOREIGN KEY (recorded_by_id) REFERENCES users (id) ON DELETE RESTRICT  -- 这位用户记过台账，不能删除；可以改为停用。
);
CREATE INDEX ix_ledger_entries_assignment ON ledger_entries (assignment_id, happened_on);
CREATE INDEX ix_ledger_entries_recorded_by ON ledger_entries (recorded_by_id);

-- 台账联系人：一行是一次办理活动中联系到的一位代表委员。
-- 名称：{deputy} {ledger_entry}
-- 列表：ledger_entry_id deputy_id attitude
-- 从属：ledger_entry_id
CREATE TABLE ledger_deputies (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  ledger_entry_id INTEGER NOT NULL,                -- 台账：
  deputy_id INTEGER NOT NULL,                      -- 代表委员：
  attitude VARCHAR(6),                             -- 态度：
  opinion VARCHAR(300) NOT NULL DEFAULT '',        -- 意见：
  CONSTRAINT uq_ledger_deputies_deputy UNIQUE (ledger_entry_id, deputy_id),  -- 这位代表委员已记在本次活动中。
  CONSTRAINT ck_ledger_deputies_attitude CHECK (attitude IN ('满意', '基本满意', '不满意', '未表态')),  -- 态度不在可选范围内。
  CONSTRAINT fk_ledger_deputies_entry FOREIGN KEY (ledger_entry_id) REFERENCES ledger_entries (id) ON DELETE CASCADE,  -- 所选台账不存在。
  CONSTRAINT fk_ledger_deputies_deputy FOREIGN KEY (deputy_id) REFERENCES deputies (id) ON DELETE RESTRICT  -- 这位代表委员在台账中，不能删除。
);
CREATE INDEX ix_ledger_deputies_deputy ON ledger_deputies (deputy_id);

-- 应邀机构：一行是一次面商会或调研邀请的一个机构，如人大选联工委、政府督查室、政协提案委。
-- 名称：{body_name} {ledger_entry}
-- 列表：ledger_entry_id body_name came
-- 从属：ledger_entry_id
CREATE TABLE ledger_invitees (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  ledger_entry_id INTEGER NOT NULL,                -- 台账：
  body_name VARCHAR(60) NOT NULL,                  -- 应邀机构：[搜索]
  came BOOLEAN NOT NULL DEFAULT TRUE,              -- 已到会：
  CONSTRAINT uq_ledger_invitees_body UNIQUE (ledger_entry_id, body_name),  -- 这个机构已记在本次活动中。
  CONSTRAINT fk_ledger_invitees_entry FOREIGN KEY (ledger_entry_id) REFERENCES ledger_entries (id) ON DELETE CASCADE  -- 所选台账不存在。
);

-- 承诺事项：一行是答复中承诺逐步解决的一件事。
-- 名称：{content} {assignment}
-- 列表：assignment_id content due_on leader state done_on written_off_on
-- 旁列：unit 承办单位 = assignment.unit_id
-- 旁列：item_meeting 届次会议 = assignment.proposal.meeting_id
CREATE TABLE commitments (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  assignment_id INTEGER NOT NULL,                  -- 承办任务：
  content VARCHAR(300) NOT NULL,                   -- 承诺内容：[搜索]
  due_on DATE NOT NULL,                            -- 完成时限：
  leader VARCHAR(40) NOT NULL DEFAULT '',          -- 责任领导：[承接]
  handler VARCHAR(40) NOT NULL DEFAULT '',         -- 责任人：[承接] 跨年度件必须有专人跟踪
  state VARCHAR(6) NOT NULL DEFAULT '推进中',      -- 进展：[经办]
  done_on DATE,                                    -- 兑现日期：[经办] [已发生]
  done_note VARCHAR(300) NOT NULL DEFAULT '',      -- 兑现说明：[经办] 没有佐证材料的，写明原因
  written_off_on DATE,                             -- 销号日期：[经办] [已发生]
  dropped_on DATE,                                 -- 不再推进日期：[经办] [已发生]
  drop_reason VARCHAR(300) NOT NULL DEFAULT '',    -- 不再推进理由：[经办]
  note VARCHAR(300) NOT NULL DEFAULT '',           -- 备注：
  CONSTRAINT uq_commitments_content UNIQUE (assignment_id, content),  -- 这项承诺已经登记。
  CONSTRAINT ck_commitments_state CHECK (state IN ('推进中', '已兑现', '已销号', '不再推进')),  -- 进展不在可选范围内。
  CONSTRAINT ck_commitments_done CHECK (state NOT IN ('已兑现', '已销号') OR done_on IS NOT NULL),  -- 已兑现的承诺要填兑现日期。
  CONSTRAINT ck_commitments_written_off CHECK (written_off_on IS NULL OR (done_on IS NOT NULL AND written_off_on >= done_on)),  -- 先兑现后销号，销号日期不能早于兑现日期。
  CONSTRAINT ck_commitments_dropped CHECK (state <> '不再推进' OR drop_reason <> ''),  -- 不再推进的承诺要写明理由。
  CONSTRAINT fk_commitments_assignment FOREIGN KEY (assignment_id) REFERENCES assignments (id) ON DELETE RESTRICT  -- 这项任务已有承诺事项，不能删除。
);
CREATE INDEX ix_commitments_state ON commitments (state, due_on);

-- 承诺步骤：一行是一项承诺的一个推进步骤。
-- 名称：{content}（{commitment}）
-- 列表：commitment_id position content due_on done_on
-- 从属：commitment_id
CREATE TABLE commitment_steps (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  commitment_id INTEGER NOT NULL,                  -- 承诺事项：
  position INTEGER NOT NULL DEFAULT 1,             -- 顺序：
  content VARCHAR(300) NOT NULL,                   -- 步骤：[搜索]
  due_on DATE,                                     -- 计划完成：
  done_on DATE,                                    -- 实际完成：[已发生]
  CONSTRAINT uq_commitment_steps_position UNIQUE (commitment_id, position),  -- 这个顺序号已有步骤。
  CONSTRAINT fk_commitment_steps_commitment FOREIGN KEY (commitment_id) REFERENCES commitments (id) ON DELETE CASCADE  -- 所选承诺事项不存在。
);

-- == 答复 ==

-- 答复：一行是一项任务的一次书面答复、协办意见或再次答复；重办开新的一轮，旧的保留。
-- 名称：{kind}（第{round}轮）{assignment}
-- 列表：assignment_id kind round answer_category_id state document_no issued_on
-- 旁列：lead_sponsor 领衔 = proposal.sponsors.deputy_id [role=领衔]：第一提案人
-- 旁列：joint_sponsors 联名 = proposal.sponsors.deputy_id [role=联名]
-- 旁列：lead_kind 领衔是 = proposal.sponsors.deputy.kind [sponsors.role=领衔]：个人或团体
-- 旁列：meeting_body 会议机构 = meeting.body
-- 旁列：next_due_on 最近到期 = assignment.deadlines.due_on [milestone=协办意见 答复 重新办理 再次答复] [done_on=空] 最早：还没有答复的时限中最早的一个
-- 旁列：days_late 逾期自然日 = assignment.deadlines.due_on [milestone=协办意见 答复 重新办理 再次答复] [done_on=空] 已过：最近到期的一天过了几个自然日；没有过期的空着
-- 附看：proposal.abstract proposal.body
CREATE TABLE replies (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  assignment_id INTEGER NOT NULL,                  -- 承办任务：
  proposal_id INTEGER NOT NULL,                    -- 建议提案：[自动] 随承办任务
  role VARCHAR(4) NOT NULL,                        -- 承办方式：[自动] 随承办任务
  unit_id INTEGER NOT NULL,                        -- 承办单位：[自动] 随承办任务
  meeting_id INTEGER NOT NULL,                     -- 届次会议：[自动] 随建议提案
  area_role VARCHAR(4) NOT NULL,                   -- 本地承担：[自动] 随建议提案
  kind VARCHAR(6) NOT NULL DEFAULT '答复',         -- 答复种类：协办单位写协办意见，主办、分办单位写答复
  round INTEGER NOT NULL DEFAULT 1,                -- 轮次：[经办] 重新办理时加一
  answer_category_id INTEGER,                      -- 答复类别：协办意见不填
  state VARCHAR(8) NOT NULL DEFAULT '拟稿',        -- 审核状态：[自动] 随送审、审签、退回和答复改变；在哪一步就等谁
  document_no VARCHAR(60) NOT NULL DEFAULT '',     -- 文号：[搜索] 如“鱼教函〔2024〕12号”
  title VARCHAR(300) NOT NULL DEFAULT '',          -- 标题：[搜索]
  body TEXT NOT NULL DEFAULT '',                   -- 正文：逐条答复，有具体措施；称呼和落款不用写，公文模板里有；正文在附件里的可以空着
  adoption VARCHAR(6),                             -- 采纳情况：
  drafted_on DATE,                                 -- 拟稿日期：[今天] [已发生]
  drafter VARCHAR(40) NOT NULL DEFAULT '',         -- 拟稿人：[本人]
  signer VARCHAR(40) NOT NULL DEFAULT '',          -- 签发人：
  contact_name VARCHAR(40) NOT NULL DEFAULT '',    -- 联系人：
  contact_phone VARCHAR(30) NOT NULL DEFAULT '',   -- 联系电话：
  partner_note VARCHAR(300) NOT NULL DEFAULT '',   -- 协办意见说明：[后续] 协办意见没有收齐就送审的，写明原因
  submitted_on DATE,                               -- 报审日期：[经办] [已发生]
  approved_on DATE,                                -- 审核通过日期：[经办] [已发生] 审签流程走完的日期
  issued_on DATE,                                  -- 答复日期：[经办] [已发生] 正式答复或送达协办意见的日期
  issued_by_id INTEGER,                            -- 答复经办人：[自动] 谁登记的正式答复，就由谁那里寄送
  reported_on DATE,                                -- 上报日期：[后续] [已发生] 上级件报送上级的日期
  publicity VARCHAR(8) NOT NULL DEFAULT '未定',    -- 公开属性：[经办] [起初 全文公开 若 published_on] 协办意见不公开
  published_on DATE,                               -- 公开日期：[经办] [已发生]
  web_address VARCHAR(300) NOT NULL DEFAULT '',    -- 公开网址：[经办] 在网站上公开的，网页的地址
  publicity_note VARCHAR(300) NOT NULL DEFAULT '', -- 公开说明：[经办] 不公开的理由；代表委员不同意公开而公开的，也写明理由
  revisited_on DATE,                               -- 再梳理日期：[经办] [已发生]
  revisited_by_id INTEGER,                         -- 再梳理人：[自动]
  revisit_result VARCHAR(4),                       -- 再梳理结果：[经办] 改变类别的，用新的一轮重新答复
  revisit_reason VARCHAR(300) NOT NULL DEFAULT '', -- 改变类别的理由：[经办]
  CONSTRAINT uq_replies_round UNIQUE (assignment_id, kind, round),  -- 这项任务的这一轮已有同种类的答复。
  CONSTRAINT uq_replies_proposal UNIQUE (id, proposal_id),  -- 答复与件的对应重复。
  CONSTRAINT ck_replies_round CHECK (round >= 1),  -- 轮次从1起。
  CONSTRAINT ck_replies_kind CHECK (kind IN ('答复', '协办意见', '再次答复')),  -- 答复种类不在可选范围内。
  CONSTRAINT ck_replies_state CHECK (state IN ('拟稿', '复核', '分管审核', '主要审签', '协办会签', '督办审签', '督查审核', '退回', '通过', '已答复')),  -- 审核状态不在可选范围内。
  CONSTRAINT ck_replies_adoption CHECK (adoption IN ('采纳', '部分采纳', '解释说明', '未采纳')),  -- 采纳情况不在可选范围内。
  CONSTRAINT ck_replies_partner CHECK (kind = '协办意见' OR role <> '协办'),  -- 协办单位写协办意见，不写答复。
  CONSTRAINT ck_replies_area CHECK (kind = '协办意见' OR area_role <> '协办'),  -- 本地协办的件写协办意见，报上级主办单位，不写答复。
  CONSTRAINT ck_replies_opinion CHECK (kind <> '协办意见' OR role = '协办' OR area_role = '协办'),  -- 主办、分办单位写答复，不写协办意见。
  CONSTRAINT ck_replies_category CHECK (kind <> '协办意见' OR answer_category_id IS NULL),  -- 协办意见不标答复类别。
  CONSTRAINT ck_replies_issued CHECK (state <> '已答复' OR issued_on IS NOT NULL),  -- 已答复的要填答复日期。
  CONSTRAINT ck_replies_letter CHECK (state <> '已答复' OR kind = '协办意见' OR answer_category_id IS NOT NULL),  -- 正式答复必须标注答复类别。
  CONSTRAINT ck_replies_dates CHECK (drafted_on IS NULL OR issued_on IS NULL OR issued_on >= drafted_on),  -- 答复日期不能早于拟稿日期。
  CONSTRAINT ck_replies_published CHECK (published_on IS NULL OR (issued_on IS NOT NULL AND published_on >= issued_on)),  -- 公开日期不能早于答复日期。
  CONSTRAINT ck_replies_revisited CHECK (revisited_on IS NULL OR (issued_on IS NOT NULL AND revisited_on >= issued_on)),  -- 再梳理日期不能早于答复日期。
  CONSTRAINT ck_replies_revisit_result CHECK (revisit_result IN ('类别不变', '改变类别')),  -- 再梳理结果只能是类别不变或改变类别。
  CONSTRAINT ck_replies_revisit CHECK ((revisit_result IS NULL) = (revisited_on IS NULL)),  -- 再梳理过的答复要有日期和结果。
  CONSTRAINT ck_replies_revisit_reason CHECK (revisit_result IS NULL OR revisit_result <> '改变类别' OR revisit_reason <> ''),  -- 改变类别要写明理由。
  CONSTRAINT ck_replies_publicity CHECK (publicity IN ('未定', '全文公开', '摘要公开', '不公开')),  -- 公开属性不在可选范围内。
  CONSTRAINT ck_replies_public CHECK ((publicity IN ('全文公开', '摘要公开')) = (published_on IS NOT NULL)),  -- 公开的答复要有公开日期，没有公开的不填。
  CONSTRAINT ck_replies_private CHECK (publicity <> '不公开' OR publicity_note <> ''),  -- 不公开的要写明理由。
  CONSTRAINT ck_replies_publicity_kind CHECK (publicity = '未定' OR kind <> '协办意见'),  -- 协办意见不公开，也不用定公开属性。
  CONSTRAINT fk_replies_assignment FOREIGN KEY (assignment_id, proposal_id, role, unit_id) REFERENCES assignments (id, proposal_id, role, unit_id) ON DELETE RESTRICT,  -- 这项任务已有答复，不能删除，也不能改承办单位、承办方式。
  CONSTRAINT fk_replies_unit FOREIGN KEY (unit_id) REFERENCES units (id) ON DELETE RESTRICT,  -- 这个单位还有答复，不能删除；可以改为停用。
  CONSTRAINT fk_replies_proposal FOREIGN KEY (proposal_id, meeting_id, area_role) REFERENCES proposals (id, meeting_id, area_role) ON DELETE RESTRICT,  -- 本件已有答复，不能删除，也不能改到别的会议或改本地承担。
  CONSTRAINT fk_replies_issued_by FOREIGN KEY (issued_by_id) REFERENCES users (id) ON DELETE RESTRICT,  -- 这位用户登记过正式答复，不能删除；可以改为停用。
  CONSTRAINT fk_replies_answer_category FOREIGN KEY (answer_category_id, meeting_id) REFERENCES answer_categories (id, meeting_id) ON DELETE RESTRICT,  -- 答复类别要用本次会议规定的类别；用过的类别不能删除。
  CONSTRAINT fk_replies_revisited_by FOREIGN KEY (revisited_by_id) REFERENCES users (id) ON DELETE RESTRICT  -- 这位用户再梳理过答复，不能删除；可以改为停用。
);
CREATE INDEX ix_replies_assignment ON replies (assignment_id, proposal_id, role, unit_id);
CREATE INDEX ix_replies_unit ON replies (unit_id, state);
CREATE INDEX ix_replies_proposal ON replies (proposal_id, meeting_id, area_role);
CREATE INDEX ix_replies_answer_category ON replies (answer_category_id, meeting_id);
CREATE INDEX ix_replies_revisited_by ON replies (revisited_by_id);
CREATE INDEX ix_replies_issued_by ON replies (issued_by_id);
CREATE INDEX ix_replies_state ON replies (state, id);
CREATE INDEX ix_replies_publicity ON replies (publicity, state, id);

-- 逐条答复：一行是一份答复对一条诉求的回应。
-- 名称：{request}（{reply}）
-- 列表：reply_id request_id is_answered answer why_not
-- 从属：reply_id
CREATE TABLE request_answers (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  reply_id INTEGER NOT NULL,                       -- 答复：
  proposal_id INTEGER NOT NULL,                    -- 建议提案：[自动] 随答复
  request_id INTEGER NOT NULL,                     -- 诉求：
  is_answered BOOLEAN NOT NULL DEFAULT TRUE,       -- 已答复：没有答复的选否，写明原因
  answer TEXT NOT NULL DEFAULT '',                 -- 怎样答复：写明采取的措施；正文里写了的可以空着
  why_not VARCHAR(300) NOT NULL DEFAULT '',        -- 未答复原因：
  CONSTRAINT uq_request_answers_request UNIQUE (reply_id, request_id),  -- 这份答复已回应这条诉求。
  CONSTRAINT ck_request_answers_why_not CHECK (is_answered OR why_not <> ''),  -- 没有答复的诉求，请写明原因。
  CONSTRAINT fk_request_answers_reply FOREIGN KEY (reply_id, proposal_id) REFERENCES replies (id, proposal_id) ON DELETE CASCADE,  -- 所选答复不存在。
  CONSTRAINT fk_request_answers_request FOREIGN KEY (request_id, proposal_id) REFERENCES requests (id, proposal_id) ON DELETE RESTRICT  -- 诉求要选本件的；有答复回应过的诉求不能删除。
);
CREATE INDEX ix_request_answers_reply ON request_answers (reply_id, proposal_id);
CREATE INDEX ix_request_answers_request ON request_answers (request_id, proposal_id);

-- 审核环节：一行是一份答复走过的一步：谁在什么时候复核、审核、审签或退回。
-- 名称：{step}{result} {reply}
-- 列表：reply_id step result user_id signed_name acted_at return_reason
-- 从属：reply_id
-- 经办
CREATE TABLE review_steps (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  reply_id INTEGER NOT NULL,                       -- 答复：
  step VARCHAR(8) NOT NULL,                        -- 环节：
  result VARCHAR(4) NOT NULL,                      -- 结果：
  return_reason VARCHAR(12),                       -- 退回原因：退回时必填
  note VARCHAR(500) NOT NULL DEFAULT '',           -- 意见：
  user_id INTEGER,                                 -- 经手人：[自动]
  signed_name VARCHAR(40) NOT NULL DEFAULT '',     -- 纸签人：在纸上签的，写签的人
  countersign_unit_id INTEGER,                     -- 会签单位：替哪个协办单位会签；别的环节空着
  acted_at TIMESTAMP NOT NULL,                     -- 时间：[已发生]
  issued_on DATE,                                  -- 原送达日期：[自动] 主办单位退回的协办意见，原来哪天送达
  CONSTRAINT ck_review_steps_step CHECK (step IN ('拟稿', '复核', '分管审核', '主要审签', '协办会签', '督办审签', '督查审核', '主办审看')),  -- 环节不在可选范围内。
  CONSTRAINT ck_review_steps_result CHECK (result IN ('提交', '通过', '退回', '更正', '撤回')),  -- 结果只能是提交、通过、退回、更正或撤回。
  CONSTRAINT ck_review_steps_reason CHECK (result <> '退回' OR return_reason IS NOT NULL),  -- 退回要写明原因。
  CONSTRAINT ck_review_steps_return_reason CHECK (return_reason IN ('行文不规范', '答复内容不具体', '针对性不强', '沟通不到位', '类别不准确', '协办不同意', '无实质内容', '未说明情况', '其他')),  -- 退回原因不在可选范围内。
  CONSTRAINT ck_review_steps_countersign CHECK (step <> '协办会签' OR countersign_unit_id IS NOT NULL),  -- 协办会签要写明会签单位。
  CONSTRAINT ck_review_steps_unit CHECK (countersign_unit_id IS NULL OR step = '协办会签'),  -- 协办会签才写会签单位。
  CONSTRAINT fk_review_steps_countersign FOREIGN KEY (countersign_unit_id) REFERENCES units (id) ON DELETE RESTRICT,  -- 这个单位会签过答复，不能删除；可以改为停用。
  CONSTRAINT fk_review_steps_reply FOREIGN KEY (reply_id) REFERENCES replies (id) ON DELETE RESTRICT,  -- 这份答复有审核环节，要留作记录，不能删除；写错的，改好再送审。
  CONSTRAINT fk_review_steps_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE RESTRICT  -- 这位用户审核过答复，不能删除；可以改为停用。
);
CREATE INDEX ix_review_steps_reply ON review_steps (reply_id);
CREATE INDEX ix_review_steps_user ON review_steps (user_id);
CREATE INDEX ix_review_steps_countersign ON review_steps (countersign_unit_id);

-- 寄送：一行是一份答复寄送给一位代表委员。
-- 名称：{deputy} {sent_on} {reply}
-- 列表：reply_id deputy_id sent_on mode has_form received_on
-- 经办
-- 入口：交办督查 承办单位联络员 承办单位领导 人大/政协机构
CREATE TABLE deliveries (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  reply_id INTEGER NOT NULL,                       -- 答复：
  deputy_id INTEGER NOT NULL,                      -- 寄送对象：领衔、联名及被并案的第一提案人
  mode VARCHAR(6) NOT NULL DEFAULT '当面',         -- 寄送方式：
  has_form BOOLEAN NOT NULL DEFAULT TRUE,          -- 附反馈表：
  sent_on DATE NOT NULL,                           -- 寄送日期：[已发生]
  received_on DATE,                                -- 收到回执日期：[已发生]
  CONSTRAINT uq_deliveries_deputy UNIQUE (reply_id, deputy_id),  -- 这份答复已登记寄送给这位代表委员。
  CONSTRAINT ck_deliveries_mode CHECK (mode IN ('当面', '邮寄', '系统', '转交')),  -- 寄送方式不在可选范围内。
  CONSTRAINT ck_deliveries_dates CHECK (received_on IS NULL OR received_on >= sent_on),  -- 收到回执不能早于寄送。
  CONSTRAINT fk_deliveries_reply FOREIGN KEY (reply_id) REFERENCES replies (id) ON DELETE RESTRICT,  -- 这份答复已经寄送，不能删除。
  CONSTRAINT fk_deliveries_deputy FOREIGN KEY (deputy_id) REFERENCES deputies (id) ON DELETE RESTRICT  -- 答复寄送过这位代表委员，不能删除。
);
CREATE INDEX ix_deliveries_deputy ON deliveries (deputy_id);

-- 意见反馈：一行是一位代表委员对一份答复的评价（附件8 意见反馈表）。
-- 名称：{deputy} {result_rating} {reply}
-- 列表：reply_id deputy_id received_on work_rating result_rating contact_mode entered_how
-- 经办
CREATE TABLE feedbacks (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  reply_id INTEGER NOT NULL,                       -- 答复：
  deputy_id INTEGER NOT NULL,                      -- 代表委员：
  received_on DATE NOT NULL,                       -- 反馈日期：[已发生]
  work_rating VARCHAR(6) NOT NULL,                 -- 办理工作：对办理过程的评价
  result_rating VARCHAR(6) NOT NULL,               -- 办理结果：对办理结果的评价；不满意的重新办理
  contact_mode VARCHAR(8),                         -- 面商形式：
  met_with VARCHAR(8),                             -- 面商人：
  solved VARCHAR(10),                              -- 问题解决情况：
  opinion TEXT NOT NULL DEFAULT '',                -- 意见和建议：不满意的必须写明原因
  agrees_to_publish BOOLEAN NOT NULL DEFAULT TRUE, -- 同意公开：
  entered_how VARCHAR(6) NOT NULL DEFAULT '补录',  -- 填写人：[自动] 代表委员本人在线填写，机构或交办督查照反馈表代录，或用表格补录；承办单位不能填
  CONSTRAINT uq_feedbacks_deputy UNIQUE (reply_id, deputy_id),  -- 这位代表委员已对这份答复作出反馈。
  CONSTRAINT ck_feedbacks_work_rating CHECK (work_rating IN ('满意', '基本满意', '不满意', '未表态')),  -- 办理工作的评价不在可选范围内。
  CONSTRAINT ck_feedbacks_result_rating CHECK (result_rating IN ('满意', '基本满意', '不满意', '未表态')),  -- 办理结果的评价不在可选范围内。
  CONSTRAINT ck_feedbacks_contact_mode CHECK (contact_mode IN ('座谈会', '登门走访', '现场调研', '电话联系', '未协商')),  -- 面商形式不在可选范围内。
  CONSTRAINT ck_feedbacks_met_with CHECK (met_with IN ('主要负责人', '分管负责人', '科室负责人', '经办人员')),  -- 面商人不在可选范围内。
  CONSTRAINT ck_feedbacks_solved CHECK (solved IN ('已解决', '部分解决', '列入计划', '暂不能解决', '留作参考')),  -- 问题解决情况不在可选范围内。
  CONSTRAINT ck_feedbacks_entered_how CHECK (entered_how IN ('本人', '机构代录', '督查代录', '补录')),  -- 填写人不在可选范围内。
  CONSTRAINT ck_feedbacks_reason CHECK (work_rating <> '不满意' AND result_rating <> '不满意' OR opinion <> ''),  -- 评价不满意的，要在“意见和建议”里写明原因。
  CONSTRAINT fk_feedbacks_reply FOREIGN KEY (reply_id) REFERENCES replies (id) ON DELETE RESTRICT,  -- 这份答复已有反馈，不能删除。
  CONSTRAINT fk_feedbacks_deputy FOREIGN KEY (deputy_id) REFERENCES deputies (id) ON DELETE RESTRICT  -- 这位代表委员已有反馈，不能删除。
);
CREATE INDEX ix_feedbacks_deputy ON feedbacks (deputy_id);

-- == 督办 ==

-- 时限规则：一行是一条时限规则：谁的哪个环节，按什么算，多少天。
-- 名称：{milestone} {rule_set}
-- 列表：milestone role basis days month day level kind rule_set_id
-- 次序：-rule_set_id milestone
-- 入口：交办督查
CREATE TABLE deadline_rules (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  rule_set_id INTEGER NOT NULL,                    -- 时限方案：
  meeting_id INTEGER,                              -- 仅用于会议：填了就只对这次会议有效
  level VARCHAR(6) NOT NULL DEFAULT '全部',        -- 层级：
  kind VARCHAR(6) NOT NULL DEFAULT '全部',         -- 类型：
  area_role VARCHAR(4) NOT NULL DEFAULT '全部',    -- 本地承担：
  role VARCHAR(4) NOT NULL DEFAULT '全部',         -- 承办方式：
  milestone VARCHAR(6) NOT NULL,                   -- 环节：
  basis VARCHAR(6) NOT NULL,                       -- 计算方式：
  reference VARCHAR(6) NOT NULL DEFAULT '交办',    -- 起算点：固定日期不用
  days INTEGER,                                    -- 天数：按天计算时填
  month INTEGER,                                   -- 月：固定日期填
  day INTEGER,                                     -- 日：固定日期填
  year_offset INTEGER NOT NULL DEFAULT 0,          -- 年份偏移：0为会议当年，1为次年
  rolls BOOLEAN NOT NULL DEFAULT FALSE,            -- 遇休顺延：到期日逢休息日顺延到下一工作日
  source VARCHAR(200) NOT NULL DEFAULT '',         -- 依据：
  is_active BOOLEAN NOT NULL DEFAULT TRUE,         -- 在用：
  CONSTRAINT ck_deadline_rules_level CHECK (level IN ('全部', '国家级', '省级', '市级', '区县级', '乡镇级')),  -- 层级不在可选范围内。
  CONSTRAINT ck_deadline_rules_kind CHECK (kind IN ('全部', '建议', '议案', '提案', '建议案', '专线电话件', '社情民意')),  -- 类型不在可选范围内。
  CONSTRAINT ck_deadline_rules_area_role CHECK (area_role IN ('全部', '主办', '协办')),  -- 本地承担不在可选范围内。
  CONSTRAINT ck_deadline_rules_role CHECK (role IN ('全部', '主办', '协办', '分办')),  -- 承办方式不在可选范围内。
  CONSTRAINT ck_deadline_rules_milestone CHECK (milestone IN ('签收', '申请退办', '办理方案', '协办意见', '答复', '办结', '重新办理', '再次答复', '再梳理', '总结')),  -- 环节不在可选范围内。
  CONSTRAINT ck_deadline_rules_basis CHECK (basis IN ('固定日期', '自然日', '工作日', '月')),  -- 计算方式不在可选范围内。
  CONSTRAINT ck_deadline_rules_reference CHECK (reference IN ('交办', '签收', '闭会', '反馈')),  -- 起算点不在可选范围内。
  CONSTRAINT ck_deadline_rules_days CHECK (basis = '固定日期' OR days IS NOT NULL AND days > 0),  -- 按天或按月计算的规则要填大于0的天数。
  CONSTRAINT ck_deadline_rules_date CHECK (basis <> '固定日期' OR (month BETWEEN 1 AND 12 AND day BETWEEN 1 AND 31)),  -- 固定日期的规则要填月和日。
  CONSTRAINT ck_deadline_rules_day CHECK (basis <> '固定日期' OR day <= CASE WHEN month = 2 THEN 29 WHEN month IN (4, 6, 9, 11) THEN 30 ELSE 31 END),  -- 这个月没有这一天。
  CONSTRAINT ck_deadline_rules_year_offset CHECK (year_offset BETWEEN 0 AND 3),  -- 年份偏移应在0到3之间。
  CONSTRAINT fk_deadline_rules_rule_set FOREIGN KEY (rule_set_id) REFERENCES deadline_rule_sets (id) ON DELETE CASCADE,  -- 所选时限方案不存在。
  CONSTRAINT fk_deadline_rules_meeting FOREIGN KEY (meeting_id) REFERENCES meetings (id) ON DELETE CASCADE  -- 所选届次会议不存在。
);
CREATE UNIQUE INDEX uq_deadline_rules_general ON deadline_rules (rule_set_id, level, kind, area_role, role, milestone) WHERE meeting_id IS NULL;  -- 这套方案已有同样适用范围和环节的规则。
CREATE UNIQUE INDEX uq_deadline_rules_meeting ON deadline_rules (rule_set_id, meeting_id, level, kind, area_role, role, milestone) WHERE meeting_id IS NOT NULL;  -- 这次会议已有同样适用范围和环节的规则。
CREATE INDEX ix_deadline_rules_rule_set ON deadline_rules (rule_set_id);
CREATE INDEX ix_deadline_rules_meeting ON deadline_rules (meeting_id);

-- 办理时限：一行是一项任务的一个环节应在哪天前完成。
-- 名称：{assignment} {milestone}
-- 列表：assignment_id milestone due_on done_on basis_text
-- 旁列：item_meeting 届次会议 = assignment.proposal.meeting_id
-- 次序：-assignment_id due_on
CREATE TABLE deadlines (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  assignment_id INTEGER NOT NULL,                  -- 承办任务：
  unit_id INTEGER NOT NULL,                        -- 承办单位：[自动] 随承办任务
  rule_id INTEGER,                                 -- 时限规则：[自动] 由哪条规则算出；手工定的没有
  milestone VARCHAR(6) NOT NULL,                   -- 环节：
  due_on DATE NOT NULL,                            -- 到期日：
  origin VARCHAR(4) NOT NULL DEFAULT '规则',       -- 来源：
  basis_text VARCHAR(200) NOT NULL DEFAULT '',     -- 算法：[自动] 怎样算出来的
  done_on DATE,                                    -- 完成日：[后续] [已发生] 随签收、方案、答复等记录；手工填的不随记录改
  is_done_by_hand BOOLEAN NOT NULL DEFAULT FALSE,  -- 完成日手工填：[自动]
  extended_from_on DATE,                           -- 原到期日：[经办] 延期前的日期
  extension_reason VARCHAR(200) NOT NULL DEFAULT '',  -- 延期理由：[经办]
  CONSTRAINT uq_deadlines_milestone UNIQUE (assignment_id, milestone),  -- 这项任务的这个环节已有时限。
  CONSTRAINT ck_deadlines_milestone CHECK (milestone IN ('签收', '申请退办', '办理方案', '协办意见', '答复', '办结', '重新办理', '再次答复', '再梳理', '总结')),  -- 环节不在可选范围内。
  CONSTRAINT ck_deadlines_origin CHECK (origin IN ('规则', '方案', '手工', '延期')),  -- 来源不在可选范围内。
  CONSTRAINT ck_deadlines_extension CHECK (extended_from_on IS NULL OR extension_reason <> ''),  -- 延期要写明理由。
  CONSTRAINT fk_deadlines_assignment FOREIGN KEY (assignment_id, unit_id) REFERENCES assignments (id, unit_id) ON DELETE CASCADE,  -- 任务已有时限，不能直接换单位：请用“改派”，原来的记录都会保留。
  CONSTRAINT fk_deadlines_unit FOREIGN KEY (unit_id) REFERENCES units (id) ON DELETE RESTRICT,  -- 这个单位还有办理时限，不能删除；可以改为停用。
  CONSTRAINT fk_deadlines_rule FOREIGN KEY (rule_id) REFERENCES deadline_rules (id) ON DELETE SET NULL  -- 所选时限规则不存在。
);
CREATE INDEX ix_deadlines_rule ON deadlines (rule_id);
CREATE INDEX ix_deadlines_assignment ON deadlines (assignment_id, unit_id);
CREATE INDEX ix_deadlines_open ON deadlines (due_on, milestone) WHERE done_on IS NULL;
CREATE INDEX ix_deadlines_unit ON deadlines (unit_id, done_on, due_on, milestone);

-- 催办提醒：一行是对一个时限的一步提醒或催办，每一步只发一次。
-- 名称：{step} {deadline}
-- 列表：deadline_id step colour audience created_on mailed_at
-- 只读
CREATE TABLE reminders (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  deadline_id INTEGER NOT NULL,                    -- 办理时限：
  step VARCHAR(6) NOT NULL,                        -- 步骤：
  colour VARCHAR(2) NOT NULL DEFAULT '蓝',         -- 等级：蓝、黄、红逐级升高
  audience VARCHAR(6) NOT NULL,                    -- 提醒对象：
  created_on DATE NOT NULL,                        -- 提醒日期：
  mailed_at TIMESTAMP,                             -- 邮件发出时间：
  CONSTRAINT uq_reminders_step UNIQUE (deadline_id, step),  -- 这一步提醒已经发过。
  CONSTRAINT ck_reminders_step CHECK (step IN ('提前7日', '提前3日', '提前1日', '到期', '逾期蓝', '逾期黄', '逾期红')),  -- 提醒步骤不在可选范围内。
  CONSTRAINT ck_reminders_colour CHECK (colour IN ('蓝', '黄', '红')),  -- 等级只能是蓝、黄或红。
  CONSTRAINT ck_reminders_audience CHECK (audience IN ('联络员', '单位领导', '交办督查')),  -- 提醒对象不在可选范围内。
  CONSTRAINT fk_reminders_deadline FOREIGN KEY (deadline_id) REFERENCES deadlines (id) ON DELETE CASCADE  -- 所选办理时限不存在。
);
CREATE INDEX ix_reminders_created ON reminders (created_on);

-- 提醒已读：一行是一个人读过的一条提醒；各读各的，一个人读了不影响别人的铃铛。
-- 名称：{user} {read_at}
-- 列表：reminder_id user_id read_at
-- 从属：reminder_id
-- 只读
CREATE TABLE reminder_reads (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  reminder_id INTEGER NOT NULL,                    -- 催办提醒：
  user_id INTEGER NOT NULL,                        -- 已读人：
  read_at TIMESTAMP NOT NULL,                      -- 已读时间：
  CONSTRAINT uq_reminder_reads_user UNIQUE (reminder_id, user_id),  -- 这位用户已读过这条提醒。
  CONSTRAINT fk_reminder_reads_reminder FOREIGN KEY (reminder_id) REFERENCES reminders (id) ON DELETE CASCADE,  -- 所选催办提醒不存在。
  CONSTRAINT fk_reminder_reads_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE  -- 所选用户不存在。
);
CREATE INDEX ix_reminder_reads_user ON reminder_reads (user_id);

-- 催办：一行是对一个单位的一次催办，写明要它办什么；单位的人看过以后记下谁在什么时候看的。
-- 名称：{urged_on} 催办 {assignment}
-- 列表：assignment_id milestone content urged_on urged_by_id read_at
-- 次序：-id
-- 经办
CREATE TABLE urgings (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  assignment_id INTEGER NOT NULL,                  -- 承办任务：
  milestone VARCHAR(6),                            -- 环节：催的是哪个时限；不是为某个时限催的空着
  content VARCHAR(300) NOT NULL,                   -- 催办内容：[搜索] 要单位办什么、到哪天，单位看得到
  urged_on DATE NOT NULL,                          -- 催办日期：[已发生]
  urged_by_id INTEGER,                             -- 催办人：[自动]
  read_at TIMESTAMP,                               -- 已阅时间：单位第一个人看到的时间
  read_by_id INTEGER,                              -- 已阅人：
  taken_back_on DATE,                              -- 撤回日期：[已发生] 催错了的，撤回以后单位不再看到待阅
  CONSTRAINT ck_urgings_content CHECK (content <> ''),  -- 请写明催办内容。
  CONSTRAINT ck_urgings_milestone CHECK (milestone IN ('签收', '申请退办', '办理方案', '协办意见', '答复', '办结', '重新办理', '再次答复', '再梳理', '总结')),  -- 环节不在可选范围内。
  CONSTRAINT fk_urgings_assignment FOREIGN KEY (assignment_id) REFERENCES assignments (id) ON DELETE RESTRICT,  -- 这项任务催办过，要留作记录，不能删除；不再由这个单位办的，请用“撤办”。
  CONSTRAINT fk_urgings_urged_by FOREIGN KEY (urged_by_id) REFERENCES users (id) ON DELETE RESTRICT,  -- 这位用户催办过，不能删除；可以改为停用。
  CONSTRAINT fk_urgings_read_by FOREIGN KEY (read_by_id) REFERENCES users (id) ON DELETE RESTRICT  -- 这位用户看过催办，不能删除；可以改为停用。
);
CREATE INDEX ix_urgings_assignment ON urgings (assignment_id);
CREATE INDEX ix_urgings_urged_by ON urgings (urged_by_id);
CREATE INDEX ix_urgings_read_by ON urgings (read_by_id);
CREATE INDEX ix_urgings_unread ON urgings (assignment_id) WHERE read_at IS NULL AND taken_back_on IS NULL;

-- 督办批示：一行是一条对重点件的督办意见或领导批示。
-- 名称：{author} {written_on} {proposal}
-- 列表：proposal_id author written_on content
CREATE TABLE supervision_notes (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  proposal_id INTEGER NOT NULL,                    -- 建议提案：
  author VARCHAR(40) NOT NULL,                     -- 批示人：[搜索]
  written_on DATE NOT NULL,                        -- 日期：[已发生]
  content TEXT NOT NULL,                           -- 内容：[搜索]
  user_id INTEGER,                                 -- 记录人：[自动]
  CONSTRAINT fk_supervision_notes_proposal FOREIGN KEY (proposal_id) REFERENCES proposals (id) ON DELETE CASCADE,  -- 所选建议提案不存在。
  CONSTRAINT fk_supervision_notes_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE RESTRICT  -- 这位用户写过批示，不能删除；可以改为停用。
);
CREATE INDEX ix_supervision_notes_proposal ON supervision_notes (proposal_id);
CREATE INDEX ix_supervision_notes_user ON supervision_notes (user_id);

-- 消息发送：一行是发给一个人的一封邮件，或发到群机器人的一次逾期情况；发没发出、为什么没有，都在这里。
-- 名称：{channel} {subject}
-- 列表：created_at channel user_id subject state attempts sent_at error
-- 次序：-id
-- 入口：系统管理员 交办督查
-- 只读
CREATE TABLE mailings (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  channel VARCHAR(4) NOT NULL,                     -- 方式：
  user_id INTEGER,                                 -- 收信人：发到群机器人的没有
  period VARCHAR(20),                              -- 期次：发到群机器人的，是哪一天的逾期情况
  subject VARCHAR(200) NOT NULL,                   -- 标题：[搜索]
  state VARCHAR(6) NOT NULL DEFAULT '待发',        -- 状态：没有发出的过一会儿再发；不知道对方收到没有的不再发，免得收到两次
  attempts INTEGER NOT NULL DEFAULT 0,             -- 试过次数：
  created_at TIMESTAMP NOT NULL,                   -- 生成时间：
  started_at TIMESTAMP,                            -- 最近一次发送：
  sent_at TIMESTAMP,                               -- 发出时间：
  error VARCHAR(300) NOT NULL DEFAULT '',          -- 没有发出的原因：
  CONSTRAINT uq_mailings_period UNIQUE (channel, period),  -- 这一天的逾期情况已经有了。
  CONSTRAINT ck_mailings_channel CHECK (channel IN ('邮件', '机器人')),  -- 方式只能是邮件或机器人。
  CONSTRAINT ck_mailings_state CHECK (state IN ('待发', '发送中', '已发', '没有发出', '不明')),  -- 状态不在可选范围内。
  CONSTRAINT fk_mailings_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE  -- 所选用户不存在。
);
CREATE INDEX ix_mailings_user ON mailings (user_id);
CREATE INDEX ix_mailings_state ON mailings (state, id);

-- 消息：一行是告诉一个人的一件事：被退回、同意、不同意、评价不满意、领导批示、催办；谁在什么时候看的记在旁边。
-- 名称：{kind}：{content}
-- 列表：told_at kind content reader read_at
-- 次序：-id
-- 经办
-- 入口：交办督查 承办单位联络员 承办单位领导 督办领导
CREATE TABLE messages (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  user_id INTEGER NOT NULL,                        -- 用户：告诉谁
  reader VARCHAR(160) NOT NULL,                    -- 收信人：[搜索] 当时的姓名和单位
  kind VARCHAR(6) NOT NULL,                        -- 种类：
  content VARCHAR(1000) NOT NULL,                  -- 内容：[搜索]
  table_name VARCHAR(60) NOT NULL,                 -- 表：[程序] 说的是哪张表的记录
  row_id INTEGER NOT NULL,                         -- 记录编号：[程序]
  told_at TIMESTAMP NOT NULL,                      -- 时间：[已发生]
  told_by_id INTEGER,                              -- 经办人：[自动]
  read_at TIMESTAMP,                               -- 已阅时间：[已发生]
  mailing_id INTEGER,                              -- 邮件：[自动] 随哪封邮件发出；收信人没有邮箱的没有
  CONSTRAINT ck_messages_kind CHECK (kind IN ('退回', '同意', '不同意', '不满意', '批示', '催办')),  -- 种类不在可选范围内。
  CONSTRAINT ck_messages_content CHECK (content <> ''),  -- 消息没有内容。
  CONSTRAINT fk_messages_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE RESTRICT,  -- 这位用户收到过消息，不能删除；可以改为停用。
  CONSTRAINT fk_messages_mailing FOREIGN KEY (mailing_id) REFERENCES mailings (id) ON DELETE SET NULL,  -- 所选邮件不存在。
  CONSTRAINT fk_messages_told_by FOREIGN KEY (told_by_id) REFERENCES users (id) ON DELETE RESTRICT  -- 这位用户办过的事发过消息，不能删除；可以改为停用。
);
CREATE INDEX ix_messages_user ON messages (user_id, id);
CREATE INDEX ix_messages_told_by ON messages (told_by_id);
CREATE INDEX ix_messages_mailing ON messages (mailing_id);
CREATE INDEX ix_messages_unmailed ON messages (told_at) WHERE mailing_id IS NULL AND read_at IS NULL;
CREATE INDEX ix_messages_row ON messages (table_name, row_id);
CREATE INDEX ix_messages_unread ON messages (user_id, kind) WHERE read_at IS NULL;

-- == 统计 ==

-- 办理总结：一行是一个单位一年的总结分析报告，分七个部分。
-- 名称：{year}年{unit}
-- 列表：unit_id year submitted_on accepted_on returned_on
CREATE TABLE unit_reports (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  unit_id INTEGER NOT NULL,                        -- 承办单位：
  year INTEGER NOT NULL,                           -- 年度：[搜索]
  overview TEXT NOT NULL DEFAULT '',               -- 办理工作基本情况：
  highlights TEXT NOT NULL DEFAULT '',             -- 工作亮点：
  practice TEXT NOT NULL DEFAULT '',               -- 主要经验和做法：
  key_items TEXT NOT NULL DEFAULT '',              -- 重点建议办理采纳落实情况：
  look_back TEXT NOT NULL DEFAULT '',              -- 开展“回头看”情况：
  partners TEXT NOT NULL DEFAULT '',               -- 协办单位配合情况：
  advice TEXT NOT NULL DEFAULT '',                 -- 绩效考评建议：
  submitted_on DATE,                               -- 报送日期：[经办] [已发生]
  accepted_on DATE,                                -- 受理日期：[经办] [已发生]
  returned_on DATE,                                -- 退回日期：[经办] [已发生] 退回以后再报送的，不再算退回
  review_note VARCHAR(300) NOT NULL DEFAULT '',    -- 审核意见：[经办]
  CONSTRAINT uq_unit_reports_year UNIQUE (unit_id, year),  -- 这个单位这一年的总结已经登记。
  CONSTRAINT ck_unit_reports_year CHECK (year BETWEEN 1990 AND 2100),  -- 年度应在1990到2100之间。
  CONSTRAINT ck_unit_reports_accepted CHECK (accepted_on IS NULL OR (submitted_on IS NOT NULL AND accepted_on >= submitted_on)),  -- 受理日期不能早于报送日期。
  CONSTRAINT fk_unit_reports_unit FOREIGN KEY (unit_id) REFERENCES units (id) ON DELETE RESTRICT  -- 这个单位还有总结，不能删除；可以改为停用。
);

-- 通报：一行是一期办理情况通报。
-- 名称：{title}（{meeting}）
-- 列表：meeting_id issue_no title issued_on
CREATE TABLE bulletins (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  meeting_id INTEGER NOT NULL,                     -- 届次会议：
  issue_no INTEGER NOT NULL,                       -- 期数：
  title VARCHAR(200) NOT NULL,                     -- 标题：[搜索]
  body TEXT NOT NULL DEFAULT '',                   -- 正文：
  issued_on DATE,                                  -- 印发日期：[已发生]
  CONSTRAINT uq_bulletins_issue UNIQUE (meeting_id, issue_no),  -- 这一期通报已经登记。
  CONSTRAINT fk_bulletins_meeting FOREIGN KEY (meeting_id) REFERENCES meetings (id) ON DELETE RESTRICT  -- 这次会议还有通报，不能删除。
);

-- 大事记：一行是办理工作中的一件大事：交办会、调度会、考察、文稿、宣传等，总结里要数的。
-- 名称：{happened_on} {kind} {title}
-- 列表：happened_on kind title meeting_id unit_id
-- 次序：-happened_on
-- 先填：meeting_id kind happened_on unit_id title
-- 接着：登记下一件
-- 入口：交办督查 承办单位联络员 承办单位领导 人大/政协机构
CREATE TABLE events (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  meeting_id INTEGER NOT NULL,                     -- 届次会议：[沿用]
  kind VARCHAR(8) NOT NULL,                        -- 种类：[沿用]
  happened_on DATE NOT NULL,                       -- 日期：[今天] [已发生]
  unit_id INTEGER,                                 -- 承办单位：哪个单位的；全区的空着
  title VARCHAR(200) NOT NULL,                     -- 事项：[搜索] 会议、活动或文稿的名称
  body TEXT NOT NULL DEFAULT '',                   -- 情况：
  place VARCHAR(100) NOT NULL DEFAULT '',          -- 地点或刊发处：
  CONSTRAINT uq_events_title UNIQUE (meeting_id, kind, happened_on, title),  -- 这一天的这件大事已经登记。
  CONSTRAINT ck_events_kind CHECK (kind IN ('交办会', '调度会', '座谈会', '考察', '工作动态', '文稿', '宣传报道', '政府常务会议')),  -- 种类不在可选范围内。
  CONSTRAINT ck_events_title CHECK (title <> ''),  -- 事项不能为空。
  CONSTRAINT fk_events_meeting FOREIGN KEY (meeting_id) REFERENCES meetings (id) ON DELETE RESTRICT,  -- 这次会议还有大事记，不能删除。
  CONSTRAINT fk_events_unit FOREIGN KEY (unit_id) REFERENCES units (id) ON DELETE RESTRICT  -- 这个单位还有大事记，不能删除；可以改为停用。
);
CREATE INDEX ix_events_unit ON events (unit_id);
CREATE INDEX ix_events_happened ON events (happened_on, id);

-- 考核规则：一行是一条扣分或加分规则。
-- 名称：{year}年 {name}
-- 列表：year name ground points kind is_active
CREATE TABLE score_rules (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  year INTEGER NOT NULL,                           -- 年度：[搜索]
  name VARCHAR(100) NOT NULL,                      -- 事由：[搜索] 如未按时答复、答复被退回
  kind VARCHAR(4) NOT NULL DEFAULT '扣分',         -- 性质：
  ground VARCHAR(8) NOT NULL DEFAULT '手工',       -- 记分依据：每晚按它自动记分，每件每次只记一次；选手工的由人记
  points NUMERIC(6, 2) NOT NULL,                   -- 分值：每次的分值，填正数
  ceiling NUMERIC(6, 2),                           -- 上限：一年最多扣（加）多少分，不填不限
  starts_on DATE,                                  -- 起记日期：自动记分的，这一天以前的不记；空着就从年初记起
  is_active BOOLEAN NOT NULL DEFAULT TRUE,         -- 在用：
  CONSTRAINT uq_score_rules_name UNIQUE (year, name),  -- 这一年已有同名的考核规则。
  CONSTRAINT ck_score_rules_kind CHECK (kind IN ('扣分', '加分')),  -- 性质只能是扣分或加分。
  CONSTRAINT ck_score_rules_ground CHECK (ground IN ('手工', '方案逾期', '协办意见逾期', '答复逾期', '再次答复逾期', '办结逾期', '答复退回', '评价不满意')),  -- 记分依据不在可选范围内。
  CONSTRAINT ck_score_rules_bonus CHECK (kind = '扣分' OR ground = '手工'),  -- 加分由人记，记分依据选手工。
  CONSTRAINT ck_score_rules_points CHECK (points > 0)  -- 分值要大于0。
);

-- 考核记分：一行是对一个单位的一次扣分或加分。
-- 名称：{unit} {score_rule} {scored_on}
-- 列表：unit_id score_rule_id assignment_id points scored_on standing reason
CREATE TABLE score_entries (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  unit_id INTEGER NOT NULL,                        -- 承办单位：[承接]
  score_rule_id INTEGER NOT NULL,                  -- 考核规则：
  assignment_id INTEGER,                           -- 承办任务：
  points NUMERIC(6, 2) NOT NULL,                   -- 分值：[承接] 扣分填正数
  scored_on DATE NOT NULL,                         -- 日期：[已发生]
  reason VARCHAR(300) NOT NULL DEFAULT '',         -- 说明：[搜索]
  milestone VARCHAR(6),                            -- 逾期环节：[自动] 为哪个环节逾期记的
  review_step_id INTEGER,                          -- 退回环节：[自动] 为哪次退回记的
  feedback_id INTEGER,                             -- 意见反馈：[自动] 为哪个评价记的
  standing VARCHAR(6) NOT NULL DEFAULT '有效',     -- 效力：[经办] 撤销的不计分
  objection VARCHAR(500) NOT NULL DEFAULT '',      -- 申诉理由：[经办]
  objected_on DATE,                                -- 申诉日期：[经办] [已发生]
  objected_by_id INTEGER,                          -- 申诉人：[自动]
  ruling_note VARCHAR(300) NOT NULL DEFAULT '',    -- 处理意见：[经办]
  ruled_on DATE,                                   -- 处理日期：[经办] [已发生]
  ruled_by_id INTEGER,                             -- 处理人：[自动]
  CONSTRAINT ck_score_entries_standing CHECK (standing IN ('有效', '申诉中', '维持', '撤销')),  -- 效力不在可选范围内。
  CONSTRAINT ck_score_entries_objection CHECK (standing <> '申诉中' OR objection <> ''),  -- 申诉要写明理由。
  CONSTRAINT ck_score_entries_points CHECK (points > 0),  -- 分值要大于0。
  CONSTRAINT fk_score_entries_unit FOREIGN KEY (unit_id) REFERENCES units (id) ON DELETE RESTRICT,  -- 这个单位还有考核记分，不能删除；可以改为停用。
  CONSTRAINT fk_score_entries_rule FOREIGN KEY (score_rule_id) REFERENCES score_rules (id) ON DELETE RESTRICT,  -- 这条考核规则已有记分，不能删除。
  CONSTRAINT fk_score_entries_assignment FOREIGN KEY (assignment_id, unit_id) REFERENCES assignments (id, unit_id) ON DELETE RESTRICT,  -- 记分要记给承办这项任务的单位；已有记分的任务不能删除，也不能改交别的单位。
  CONSTRAINT fk_score_entries_step FOREIGN KEY (review_step_id) REFERENCES review_steps (id) ON DELETE CASCADE,  -- 所选审核环节不存在。
  CONSTRAINT fk_score_entries_feedback FOREIGN KEY (feedback_id) REFERENCES feedbacks (id) ON DELETE CASCADE,  -- 所选意见反馈不存在。
  CONSTRAINT fk_score_entries_objected_by FOREIGN KEY (objected_by_id) REFERENCES users (id) ON DELETE RESTRICT,  -- 这位用户申诉过，不能删除；可以改为停用。
  CONSTRAINT fk_score_entries_ruled_by FOREIGN KEY (ruled_by_id) REFERENCES users (id) ON DELETE RESTRICT  -- 这位用户处理过申诉，不能删除；可以改为停用。
);
CREATE INDEX ix_score_entries_unit ON score_entries (unit_id);
CREATE INDEX ix_score_entries_rule ON score_entries (score_rule_id);
CREATE INDEX ix_score_entries_assignment ON score_entries (assignment_id, unit_id);
CREATE INDEX ix_score_entries_step ON score_entries (review_step_id);
CREATE INDEX ix_score_entries_feedback ON score_entries (feedback_id);
CREATE INDEX ix_score_entries_objected_by ON score_entries (objected_by_id);
CREATE INDEX ix_score_entries_ruled_by ON score_entries (ruled_by_id);
CREATE UNIQUE INDEX uq_score_entries_late ON score_entries (score_rule_id, assignment_id, milestone) WHERE milestone IS NOT NULL;  -- 这项任务的这个环节已经记过分。
CREATE UNIQUE INDEX uq_score_entries_step ON score_entries (score_rule_id, review_step_id) WHERE review_step_id IS NOT NULL;  -- 这次退回已经记过分。
CREATE UNIQUE INDEX uq_score_entries_feedback ON score_entries (score_rule_id, feedback_id) WHERE feedback_id IS NOT NULL;  -- 这个评价已经记过分。

-- 报表模板：一行是本单位自己的一份报表模板：代替系统自带的同名报表，或是另外的一种报表。
-- 名称：{name}
-- 列表：name per about file_name uploaded_at uploaded_by_id
-- 入口：交办督查
-- 只读
CREATE TABLE paper_templates (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  name VARCHAR(40) NOT NULL,                       -- 报表名称：[搜索]
  per VARCHAR(4) NOT NULL,                         -- 按什么出：出表时选什么：一次会议、一个单位、一件、一段期间，或什么都不用选
  about VARCHAR(200) NOT NULL DEFAULT '',          -- 说明：
  file_name VARCHAR(200) NOT NULL,                 -- 文件名：[搜索]
  stored_name VARCHAR(80) NOT NULL,                -- 存储名：[隐藏]
  sha256 VARCHAR(64) NOT NULL,                     -- 校验值：[自动]
  uploaded_at TIMESTAMP NOT NULL,                  -- 上传时间：[自动]
  uploaded_by_id INTEGER,                          -- 上传人：[自动]
  CONSTRAINT uq_paper_templates_name UNIQUE (name),  -- 已有这个名称的报表模板。
  CONSTRAINT uq_paper_templates_stored UNIQUE (stored_name),  -- 存储名重复，请重新上传。
  CONSTRAINT ck_paper_templates_name CHECK (name <> ''),  -- 报表名称不能为空。
  CONSTRAINT ck_paper_templates_per CHECK (per IN ('会议', '单位', '件', '期间', '全部')),  -- 按什么出不在可选范围内。
  CONSTRAINT fk_paper_templates_by FOREIGN KEY (uploaded_by_id) REFERENCES users (id) ON DELETE RESTRICT  -- 这位用户上传过报表模板，不能删除；可以改为停用。
);
CREATE INDEX ix_paper_templates_by ON paper_templates (uploaded_by_id);

-- == 系统 ==

-- 附件：一行是一个上传的文件，挂在且只挂在一条记录下。
-- 名称：{file_name}
-- 列表：file_name content_type byte_size uploaded_at uploaded_by_id
-- 入口：交办督查
-- 只读
CREATE TABLE attachments (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  file_name VARCHAR(200) NOT NULL,                 -- 文件名：[搜索]
  stored_name VARCHAR(80) NOT NULL,                -- 存储名：[隐藏]
  content_type VARCHAR(100) NOT NULL,              -- 文件类型：[自动]
  byte_size INTEGER NOT NULL,                      -- 字节数：[自动]
  sha256 VARCHAR(64) NOT NULL,                     -- 校验值：[自动]
  proposal_id INTEGER,                             -- 建议提案：原件等
  assignment_id INTEGER,                           -- 承办任务：
  handling_plan_id INTEGER,                        -- 办理方案：
  ledger_entry_id INTEGER,                         -- 办理台账：
  commitment_id INTEGER,                           -- 承诺事项：兑现的佐证材料
  reply_id INTEGER,                                -- 答复：
  feedback_id INTEGER,                             -- 意见反馈：
  unit_report_id INTEGER,                          -- 办理总结：
  event_id INTEGER,                                -- 大事记：
  uploaded_at TIMESTAMP NOT NULL,                  -- 上传时间：[自动]
  uploaded_by_id INTEGER,                          -- 上传人：[自动]
  CONSTRAINT uq_attachments_stored_name UNIQUE (stored_name),  -- 存储名重复，请重新上传。
  CONSTRAINT ck_attachments_byte_size CHECK (byte_size >= 0),  -- 文件大小不对，请重新上传。
  CONSTRAINT ck_attachments_owner CHECK (
    CASE WHEN proposal_id IS NULL THEN 0 ELSE 1 END + CASE WHEN assignment_id IS NULL THEN 0 ELSE 1 END
    + CASE WHEN handling_plan_id IS NULL THEN 0 ELSE 1 END + CASE WHEN ledger_entry_id IS NULL THEN 0 ELSE 1 END
    + CASE WHEN reply_id IS NULL THEN 0 ELSE 1 END + CASE WHEN feedback_id IS NULL THEN 0 ELSE 1 END
    + CASE WHEN commitment_id IS NULL THEN 0 ELSE 1 END + CASE WHEN unit_report_id IS NULL THEN 0 ELSE 1 END
    + CASE WHEN event_id IS NULL THEN 0 ELSE 1 END = 1),  -- 附件要挂在且只挂在一条记录下。
  CONSTRAINT fk_attachments_proposal FOREIGN KEY (proposal_id) REFERENCES proposals (id) ON DELETE RESTRICT,  -- 本件还有附件，不能删除。
  CONSTRAINT fk_attachments_assignment FOREIGN KEY (assignment_id) REFERENCES assignments (id) ON DELETE RESTRICT,  -- 这项任务还有附件，不能删除。
  CONSTRAINT fk_attachments_handling_plan FOREIGN KEY (handling_plan_id) REFERENCES handling_plans (id) ON DELETE RESTRICT,  -- 这份办理方案还有附件，不能删除。
  CONSTRAINT fk_attachments_ledger_entry FOREIGN KEY (ledger_entry_id) REFERENCES ledger_entries (id) ON DELETE RESTRICT,  -- 这条台账还有附件，不能删除。
  CONSTRAINT fk_attachments_commitment FOREIGN KEY (commitment_id) REFERENCES commitments (id) ON DELETE RESTRICT,  -- 这项承诺还有附件，不能删除。
  CONSTRAINT fk_attachments_reply FOREIGN KEY (reply_id) REFERENCES replies (id) ON DELETE RESTRICT,  -- 这份答复还有附件，不能删除。
  CONSTRAINT fk_attachments_feedback FOREIGN KEY (feedback_id) REFERENCES feedbacks (id) ON DELETE RESTRICT,  -- 这份反馈还有附件，不能删除。
  CONSTRAINT fk_attachments_unit_report FOREIGN KEY (unit_report_id) REFERENCES unit_reports (id) ON DELETE RESTRICT,  -- 这份总结还有附件，不能删除。
  CONSTRAINT fk_attachments_event FOREIGN KEY (event_id) REFERENCES events (id) ON DELETE RESTRICT,  -- 这件大事还有附件，不能删除。
  CONSTRAINT fk_attachments_uploaded_by FOREIGN KEY (uploaded_by_id) REFERENCES users (id) ON DELETE RESTRICT  -- 这位用户上传过附件，不能删除；可以改为停用。
);
CREATE INDEX ix_attachments_proposal ON attachments (proposal_id);
CREATE INDEX ix_attachments_assignment ON attachments (assignment_id);
CREATE INDEX ix_attachments_handling_plan ON attachments (handling_plan_id);
CREATE INDEX ix_attachments_ledger_entry ON attachments (ledger_entry_id);
CREATE INDEX ix_attachments_commitment ON attachments (commitment_id);
CREATE INDEX ix_attachments_reply ON attachments (reply_id);
CREATE INDEX ix_attachments_feedback ON attachments (feedback_id);
CREATE INDEX ix_attachments_unit_report ON attachments (unit_report_id);
CREATE INDEX ix_attachments_event ON attachments (event_id);
CREATE INDEX ix_attachments_uploaded_by ON attachments (uploaded_by_id);

-- 后台任务：一行是一次后台运行：导入、夜间检查、导出。
-- 名称：{kind} {queued_at:%Y-%m-%d %H:%M}
-- 列表：kind period_key state requested_by_id queued_at finished_at error
-- 入口：系统管理员 交办督查
-- 只读
CREATE TABLE job_runs (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  kind VARCHAR(30) NOT NULL,                       -- 任务种类：[搜索]
  period_key VARCHAR(60),                          -- 期次：[搜索] 定期任务是哪一天的，同一种类同一期次只有一次；临时的任务没有
  state VARCHAR(4) NOT NULL DEFAULT '等待',        -- 状态：
  arguments JSON,                                  -- 参数：
  requested_by_id INTEGER,                         -- 发起人：
  attempt INTEGER NOT NULL DEFAULT 0,              -- 尝试次数：
  lease_owner VARCHAR(80) NOT NULL DEFAULT '',     -- 执行者：
  lease_until TIMESTAMP,                           -- 租约至：
  fence INTEGER NOT NULL DEFAULT 0,                -- 栅栏号：
  progress_done INTEGER NOT NULL DEFAULT 0,        -- 已完成：
  progress_total INTEGER NOT NULL DEFAULT 0,       -- 总数：
  result JSON,                                     -- 结果：
  error VARCHAR(500) NOT NULL DEFAULT '',          -- 失败原因：
  is_refused BOOLEAN NOT NULL DEFAULT FALSE,       -- 不再自动重试：[自动] 失败原因是任务自己查明的，再试也一样
  queued_at TIMESTAMP NOT NULL,                    -- 排队时间：
  started_at TIMESTAMP,                            -- 开始时间：
  finished_at TIMESTAMP,                           -- 结束时间：
  CONSTRAINT uq_job_runs_period UNIQUE (kind, period_key),  -- 这一期的任务已经有了。
  CONSTRAINT ck_job_runs_state CHECK (state IN ('等待', '进行', '完成', '失败')),  -- 任务状态不在可选范围内。
  CONSTRAINT ck_job_runs_dates CHECK (finished_at IS NULL OR finished_at >= queued_at),  -- 结束时间不能早于排队时间。
  CONSTRAINT fk_job_runs_requested_by FOREIGN KEY (requested_by_id) REFERENCES users (id) ON DELETE SET NULL  -- 所选用户不存在。
);
CREATE INDEX ix_job_runs_requested_by ON job_runs (requested_by_id);
CREATE INDEX ix_job_runs_state ON job_runs (state, queued_at);

-- 导入：一行是一次导入：一个文件，从预览到写入或撤销。
-- 名称：{file_name} {uploaded_at:%Y-%m-%d %H:%M}
-- 列表：file_name target meeting_id state uploaded_at uploaded_by_id total_rows
-- 只读
CREATE TABLE imports (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  target VARCHAR(60) NOT NULL DEFAULT '分工方案',  -- 导入对象：分工方案，或表的名称
  meeting_id INTEGER,                              -- 届次会议：分工方案所属的会议
  file_name VARCHAR(200) NOT NULL,                 -- 文件名：[搜索]
  stored_name VARCHAR(80) NOT NULL,                -- 存储名：[隐藏]
  sha256 VARCHAR(64) NOT NULL,                     -- 校验值：
  state VARCHAR(6) NOT NULL DEFAULT '读取中',      -- 状态：
  sheets JSON,                                     -- 识别结果：各工作表的表头、列和得分
  corrections JSON,                                -- 修正：人工改过的列、单位和格子
  is_history BOOLEAN NOT NULL DEFAULT FALSE,       -- 历史件：方案里都是往年已经办过的件
  findings JSON,                                   -- 核对所见：要新建的代表委员
  total_rows INTEGER NOT NULL DEFAULT 0,           -- 行数：
  new_rows INTEGER NOT NULL DEFAULT 0,             -- 新增：
  updated_rows INTEGER NOT NULL DEFAULT 0,         -- 更新：
  unchanged_rows INTEGER NOT NULL DEFAULT 0,       -- 未变：
  invalid_rows INTEGER NOT NULL DEFAULT 0,         -- 无效：
  failed_rows INTEGER NOT NULL DEFAULT 0,          -- 失败：
  error VARCHAR(500) NOT NULL DEFAULT '',          -- 失败原因：
  uploaded_at TIMESTAMP NOT NULL,                  -- 上传时间：
  uploaded_by_id INTEGER,                          -- 上传人：
  applied_at TIMESTAMP,                            -- 写入时间：
  undone_at TIMESTAMP,                             -- 撤销时间：
  undo_result JSON,                                -- 撤销结果：撤销了什么，保留了什么
  job_run_id INTEGER,                              -- 后台任务：最近一次后台运行
  CONSTRAINT ck_imports_state CHECK (state IN ('读取中', '待确认', '无需写入', '写入中', '已写入', '失败', '已放弃', '撤销中', '已撤销')),  -- 导入状态不在可选范围内。
  CONSTRAINT fk_imports_meeting FOREIGN KEY (meeting_id) REFERENCES meetings (id) ON DELETE RESTRICT,  -- 这次会议还有导入记录，不能删除。
  CONSTRAINT fk_imports_uploaded_by FOREIGN KEY (uploaded_by_id) REFERENCES users (id) ON DELETE RESTRICT,  -- 这位用户导入过文件，不能删除；可以改为停用。
  CONSTRAINT fk_imports_job_run FOREIGN KEY (job_run_id) REFERENCES job_runs (id) ON DELETE SET NULL  -- 所选后台任务不存在。
);
CREATE INDEX ix_imports_meeting ON imports (meeting_id);
CREATE INDEX ix_imports_uploaded_by ON imports (uploaded_by_id);
CREATE INDEX ix_imports_job_run ON imports (job_run_id);

-- 导入行：一行是导入文件中的一行及其结果。
-- 名称：{sheet} 第{row_no}行
-- 列表：import_id sheet row_no outcome title
-- 从属：import_id
-- 只读
CREATE TABLE import_rows (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  import_id INTEGER NOT NULL,                      -- 导入：
  sheet VARCHAR(60) NOT NULL DEFAULT '',           -- 工作表：
  row_no INTEGER NOT NULL,                         -- 行号：
  outcome VARCHAR(4) NOT NULL,                     -- 结果：
  title VARCHAR(300) NOT NULL DEFAULT '',          -- 内容：[搜索] 案号和标题
  record_id INTEGER,                               -- 记录编号：写入的记录
  facts JSON,                                      -- 读出的内容：
  changes JSON,                                    -- 变化：更新时的旧值和新值
  errors JSON,                                     -- 问题：
  warnings JSON,                                   -- 提醒：可以写入，但请人再看一眼
  dues JSON,                                       -- 时限：写入后还没有办的各个时限
  first_due_on DATE,                               -- 最早时限：写入后最先到期的一天
  CONSTRAINT uq_import_rows_row UNIQUE (import_id, sheet, row_no),  -- 这一行已经记录。
  CONSTRAINT ck_import_rows_outcome CHECK (outcome IN ('新增', '更新', '未变', '无效', '失败')),  -- 行结果不在可选范围内。
  CONSTRAINT fk_import_rows_import FOREIGN KEY (import_id) REFERENCES imports (id) ON DELETE CASCADE  -- 所选导入不存在。
);

-- 记住的表头：一行是一种表头的列对应关系，人工改过后记住。
-- 名称：{target} {saved_at:%Y-%m-%d %H:%M}
-- 列表：target headers saved_by_id saved_at
-- 从属：saved_by_id
-- 只读
CREATE TABLE import_mappings (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  target VARCHAR(60) NOT NULL,                     -- 导入对象：
  fingerprint VARCHAR(64) NOT NULL,                -- 表头指纹：[程序]
  headers VARCHAR(1000) NOT NULL DEFAULT '',       -- 表头：[搜索]
  columns JSON NOT NULL,                           -- 列对应：
  saved_by_id INTEGER,                             -- 保存人：
  saved_at TIMESTAMP NOT NULL,                     -- 保存时间：
  CONSTRAINT uq_import_mappings_fingerprint UNIQUE (target, fingerprint),  -- 这种表头的列对应已经保存。
  CONSTRAINT fk_import_mappings_saved_by FOREIGN KEY (saved_by_id) REFERENCES users (id) ON DELETE SET NULL  -- 所选用户不存在。
);
CREATE INDEX ix_import_mappings_saved_by ON import_mappings (saved_by_id);

-- 变更记录：一行是一条记录的一次新增、修改或删除，谁在什么时候改了哪些字段。
-- 名称：{action} {row_name}
-- 列表：happened_at actor_name act action table_label row_name changes parts
-- 初看：holds=by_people
-- 只读
CREATE TABLE change_log (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  happened_at TIMESTAMP NOT NULL,                  -- 时间：
  user_id INTEGER,                                 -- 用户：
  actor_name VARCHAR(60) NOT NULL,                 -- 操作人：[搜索] 当时的姓名；程序自己做的写任务名
  action VARCHAR(4) NOT NULL,                      -- 操作：
  act VARCHAR(20) NOT NULL DEFAULT '',             -- 办理操作：[搜索] 签收、送审等；补录的写明
  table_name VARCHAR(60) NOT NULL,                 -- 表：[程序]
  table_label VARCHAR(60) NOT NULL,                -- 对象：
  row_id INTEGER NOT NULL,                         -- 记录编号：
  row_name VARCHAR(400) NOT NULL DEFAULT '',       -- 记录：[搜索]
  changes JSON NOT NULL,                           -- 内容：每个字段的旧值和新值
  import_id INTEGER,                               -- 导入：由哪次导入写入
  job_run_id INTEGER,                              -- 后台任务：由哪次后台任务写入
  part_of_id INTEGER,                              -- 同一次操作：和哪一条是一次操作写下的；自己就是那一条的空着
  parts INTEGER NOT NULL DEFAULT 0,                -- 一并改动：这次操作一并写下的其他变更，打开看
  CONSTRAINT ck_change_log_action CHECK (action IN ('新增', '修改', '删除')),  -- 操作只能是新增、修改或删除。
  CONSTRAINT fk_change_log_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE RESTRICT,  -- 这位用户有变更记录，不能删除；可以改为停用。
  CONSTRAINT fk_change_log_import FOREIGN KEY (import_id) REFERENCES imports (id) ON DELETE RESTRICT,  -- 这次导入有变更记录，不能删除。
  CONSTRAINT fk_change_log_job_run FOREIGN KEY (job_run_id) REFERENCES job_runs (id) ON DELETE RESTRICT,  -- 这次后台任务有变更记录，不能删除。
  CONSTRAINT fk_change_log_part_of FOREIGN KEY (part_of_id) REFERENCES change_log (id) ON DELETE RESTRICT  -- 这次操作还有别的变更，不能删除。
);
CREATE INDEX ix_change_log_row ON change_log (table_name, row_id);
CREATE INDEX ix_change_log_happened ON change_log (happened_at);
CREATE INDEX ix_change_log_user ON change_log (user_id);
CREATE INDEX ix_change_log_import ON change_log (import_id);
CREATE INDEX ix_change_log_job_run ON change_log (job_run_id);
CREATE INDEX ix_change_log_part_of ON change_log (part_of_id) WHERE part_of_id IS NOT NULL;
CREATE INDEX ix_change_log_people ON change_log (id) WHERE user_id IS NOT NULL AND part_of_id IS NULL;

-- 导出记录：一行是一次导出或下载：谁在什么时候带走了什么、多少行。
-- 名称：{actor_name} {item}
-- 列表：happened_at actor_name way item narrowed row_count address
-- 只读
CREATE TABLE export_log (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  happened_at TIMESTAMP NOT NULL,                  -- 时间：
  user_id INTEGER,                                 -- 用户：
  actor_name VARCHAR(60) NOT NULL,                 -- 操作人：[搜索] 当时的姓名；不指定用户的命令写“命令”
  way VARCHAR(4) NOT NULL,                         -- 方式：列表和报表是从页面，后台是长列表，命令是 flask export，导入是导入的原文件和标注后的表
  item VARCHAR(300) NOT NULL,                      -- 对象：[搜索] 列表、报表或文件的名称
  narrowed VARCHAR(1000) NOT NULL DEFAULT '',      -- 条件：当时的筛选和查找，或哪次会议
  row_count INTEGER NOT NULL DEFAULT 0,            -- 行数：附件记0，还没有读完的导入文件也记0
  address VARCHAR(60) NOT NULL DEFAULT '',         -- 来源地址：
  CONSTRAINT ck_export_log_way CHECK (way IN ('列表', '报表', '后台', '命令', '附件', '导入')),  -- 方式不在可选范围内。
  CONSTRAINT fk_export_log_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE RESTRICT  -- 这位用户有导出记录，不能删除；可以改为停用。
);
CREATE INDEX ix_export_log_user ON export_log (user_id);
CREATE INDEX ix_export_log_happened ON export_log (happened_at);

-- 登录记录：一行是一次登录、失败、锁定、解锁、退出、改密、设初始密码、重置密码或超时。
-- 名称：{username} {event}
-- 列表：happened_at username event actor_name address
-- 只读
CREATE TABLE logins (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  happened_at TIMESTAMP NOT NULL,                  -- 时间：
  user_id INTEGER,                                 -- 用户：
  username VARCHAR(60) NOT NULL,                   -- 登录名：[搜索]
  event VARCHAR(6) NOT NULL,                       -- 事件：改密是本人改的；初始密码、重置密码是管理员给的
  actor_id INTEGER,                                -- 经办用户：[自动]
  actor_name VARCHAR(60) NOT NULL DEFAULT '',      -- 经办人：[搜索] 由别人办的写他当时的姓名，如重置密码、解锁、让人退出；本人办的不写
  address VARCHAR(60) NOT NULL DEFAULT '',         -- 来源地址：
  user_agent VARCHAR(300) NOT NULL DEFAULT '',     -- 浏览器：
  CONSTRAINT ck_logins_event CHECK (event IN ('登录', '失败', '锁定', '解锁', '退出', '改密', '初始密码', '重置密码', '超时')),  -- 登录事件不在可选范围内。
  CONSTRAINT fk_logins_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE RESTRICT,  -- 这位用户有登录记录，不能删除；可以改为停用。
  CONSTRAINT fk_logins_actor FOREIGN KEY (actor_id) REFERENCES users (id) ON DELETE RESTRICT  -- 这位用户替别人重置过密码、解过锁，不能删除；可以改为停用。
);
CREATE INDEX ix_logins_user ON logins (user_id);
CREATE INDEX ix_logins_actor ON logins (actor_id);
CREATE INDEX ix_logins_happened ON logins (happened_at);

-- 会话：一行是一个登录中的浏览器，退出、停用、改密即失效。
-- 名称：{user} {created_at}
-- 列表：user_id created_at seen_at address revoked_at
-- 只读
CREATE TABLE user_sessions (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  token_hash VARCHAR(64) NOT NULL,                 -- 令牌摘要：[隐藏]
  user_id INTEGER NOT NULL,                        -- 用户：
  role VARCHAR(10) NOT NULL,                       -- 登录时角色：角色改变后这个会话失效
  created_at TIMESTAMP NOT NULL,                   -- 登录时间：
  seen_at TIMESTAMP NOT NULL,                      -- 最近活动：
  address VARCHAR(60) NOT NULL DEFAULT '',         -- 来源地址：
  user_agent VARCHAR(300) NOT NULL DEFAULT '',     -- 浏览器：
  revoked_at TIMESTAMP,                            -- 失效时间：
  CONSTRAINT uq_user_sessions_token UNIQUE (token_hash),  -- 会话重复，请重新登录。
  CONSTRAINT fk_user_sessions_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE  -- 所选用户不存在。
);
CREATE INDEX ix_user_sessions_user ON user_sessions (user_id);

-- 已收表单：一行是一张已经保存过的新增表单，存一天，同一张再次提交不会多出一条。
-- 名称：{table_name} {sent_at}
-- 列表：user_id table_name row_id sent_at
-- 从属：user_id
-- 只读
CREATE TABLE sent_forms (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  mark VARCHAR(64) NOT NULL,                       -- 标记：[隐藏]
  user_id INTEGER NOT NULL,                        -- 用户：
  table_name VARCHAR(60) NOT NULL,                 -- 表：[程序]
  row_id INTEGER NOT NULL,                         -- 记录编号：
  sent_at TIMESTAMP NOT NULL,                      -- 保存时间：
  CONSTRAINT uq_sent_forms_mark UNIQUE (mark),     -- 这张表单已经保存。
  CONSTRAINT fk_sent_forms_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE  -- 所选用户不存在。
);
CREATE INDEX ix_sent_forms_user ON sent_forms (user_id);

-- 曾用密码：一行是一个用户以前的一个密码，改密时不得与最近几个相同。
-- 名称：{user} {set_at}
-- 列表：user_id set_at
-- 从属：user_id
-- 只读
CREATE TABLE former_passwords (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  user_id INTEGER NOT NULL,                        -- 用户：
  password_hash VARCHAR(200) NOT NULL,             -- 密码摘要：[隐藏]
  set_at TIMESTAMP NOT NULL,                       -- 启用时间：
  CONSTRAINT fk_former_passwords_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE  -- 所选用户不存在。
);
CREATE INDEX ix_former_passwords_user ON former_passwords (user_id);
